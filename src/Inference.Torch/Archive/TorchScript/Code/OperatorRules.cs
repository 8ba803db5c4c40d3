using System.Collections.Frozen;

namespace MlCluster.Inference.Archive.TorchScript.Code;

/// <summary>Which operators and classes a model's code may name.</summary>
/// <remarks>
/// In TorchScript <c>torch.x</c> is <c>aten::x</c>, <c>ops.n.x</c> is <c>n::x</c>, and <c>autograd</c> below either is
/// <c>aten</c> again. A namespace may not be used but by a whole name (<c>t = torch</c>, <c>getattr(torch, "x")</c>):
/// torch.jit.save never writes that, and it would hide the name.
/// </remarks>
internal static class OperatorRules
{
    private const string TestPrefix = "_test";

    private static readonly FrozenSet<string> Namespaces = Set(
        "aten", "prim", "prims", "quantized", "_quantized", "quantized_decomposed", "mkldnn", "mkldnn_prepacked",
        "onednn", "mkl", "sparse");

    private static readonly FrozenSet<string> ClassNamespaces = Set("quantized", "rnn");

    /// <summary>Files, other nodes, unchecked memory, and settings that outlive the call.</summary>
    private static readonly FrozenSet<string> Operators = Set(
        "from_file", "save", "load", "_save", "_load", "open",
        "set_num_threads", "set_num_interop_threads", "set_default_dtype", "set_default_device", "set_flush_denormal",
        "use_deterministic_algorithms", "_set_deterministic", "seed", "manual_seed", "set_rng_state",
        "_sparse_coo_tensor_unsafe", "_sparse_csr_tensor_unsafe", "_sparse_csc_tensor_unsafe",
        "_sparse_bsr_tensor_unsafe", "_sparse_bsc_tensor_unsafe", "_sparse_compressed_tensor_unsafe",
        "_nested_view_from_buffer", "_nested_view_from_buffer_copy", "_nested_view_from_jagged",
        "_nested_view_from_jagged_copy", "_reshape_alias", "_reshape_alias_copy", "_index_put_impl", "_index_put_impl_",
        "rpc_async", "rpc_sync", "rpc_remote", "PythonOp", "IgnoredPythonOp",
        "ops", "classes", "jit", "hub", "package", "_C");

    /// <summary>
    /// Those of <see cref="Operators"/> that can be written as a method of a tensor, <c>x.name()</c>.
    /// </summary>
    private static readonly FrozenSet<string> Members = Set(
        "from_file", "_index_put_impl", "_index_put_impl_", "_nested_view_from_buffer",
        "_nested_view_from_buffer_copy", "_nested_view_from_jagged", "_nested_view_from_jagged_copy", "_reshape_alias",
        "_reshape_alias_copy");

    /// <summary>Says what is refused about a chain that begins with a name; null: nothing.</summary>
    public static string? RefusedChain(List<string> chain) => chain[0] switch
    {
        "torch" => RefusedOperator(chain, first: 1, "aten"),
        "ops" when chain.Count < 3 => $"the namespace {string.Join('.', chain)} by itself",
        "ops" when !Namespaces.Contains(chain[1]) => $"the operator {chain[1]}::{chain[2]}",
        "ops" => RefusedOperator(chain, first: 2, chain[1]),
        "__torch__" => IsClassName(string.Join('.', chain)) ? null : $"the class {string.Join('.', chain)}",
        _ => RefusedMember(chain),
    };

    /// <summary>Says what is refused about a value and the names that follow it; null: nothing.</summary>
    /// <remarks>Such names can be methods of the archive's own classes, so only unmistakable ones count.</remarks>
    public static string? RefusedMember(List<string> names) =>
        names.Find(Members.Contains) is { } name ? $"aten::{name}" : null;

    /// <summary>
    /// Tells whether a qualified name is a class of the archive, or a built-in one that holds tensors only.
    /// </summary>
    public static bool IsClassName(string qualifiedName)
    {
        var parts = qualifiedName.Split('.');
        if (parts[0] != "__torch__" || parts.Length < 2)
        {
            return false;
        }

        var builtIn = parts is [_, "torch"] or [_, "torch", "classes", ..];
        return !builtIn || (parts.Length >= 5 && ClassNamespaces.Contains(parts[3]));
    }

    private static string? RefusedOperator(List<string> chain, int first, string space)
    {
        if (chain.Count <= first || chain[^1] == "autograd")
        {
            return $"the namespace {string.Join('.', chain)} by itself";
        }

        var name = chain.Skip(first).FirstOrDefault(IsRefused);
        return name is null ? null : $"the operator {space}::{name}";
    }

    private static bool IsRefused(string name) =>
        Operators.Contains(name) || name.StartsWith(TestPrefix, StringComparison.Ordinal);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
