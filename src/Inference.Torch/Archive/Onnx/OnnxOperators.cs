using System.Collections.Frozen;

namespace MlCluster.Inference.Archive.Onnx;

/// <summary>Which operators a graph may use.</summary>
/// <remarks>Those that ONNX Runtime brings along; others need libraries, which no archive may hold.</remarks>
internal sealed class OnnxOperators
{
    private const string Ours = "com.microsoft";

    private static readonly FrozenSet<string> Domains = FrozenSet.ToFrozenSet(
        ["", "ai.onnx", "ai.onnx.ml", Ours], StringComparer.Ordinal);

    /// <summary>Reads a file that a graph names.</summary>
    private static readonly OnnxOperator ContextOfAnotherEngine = new(Ours, "EPContext");

    private readonly HashSet<OnnxOperator> _used = [];
    private readonly HashSet<OnnxOperator> _defined = [];

    /// <summary>A node uses it.</summary>
    public void Use(OnnxOperator used) => _used.Add(used);

    /// <summary>The model defines it itself, as a function of others.</summary>
    public void Define(OnnxOperator defined) => _defined.Add(defined);

    /// <summary>The first one that is not served; null: all are.</summary>
    public OnnxOperator? Refused() => _used
        .Where(used => used == ContextOfAnotherEngine || (!Domains.Contains(used.Domain) && !_defined.Contains(used)))
        .OrderBy(used => used.ToString(), StringComparer.Ordinal)
        .FirstOrDefault();
}

/// <summary>An operator by its name and the domain of that.</summary>
internal sealed record OnnxOperator(string Domain, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Domain.Length == 0 ? Name : $"{Domain}::{Name}";
}
