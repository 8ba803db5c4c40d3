using System.Collections.Frozen;

namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Which arguments an operator of TorchScript writes to, and which its result may be.</summary>
/// <remarks>
/// After the operators' schemas, where <c>(a)</c> marks an alias and <c>(a!)</c> a write, and after the code of those
/// that say neither and give back what they were given where there is nothing to do. A test holds the lists to the
/// schemas of the libtorch that is shipped. Operators outside of aten are not known one by one: their results count as
/// aliases, but for those of quantized layers, which compute.
/// </remarks>
internal static class OperatorEffects
{
    private static readonly FrozenSet<string> ComputingNamespaces = Set(
        "quantized", "_quantized", "quantized_decomposed", "mkldnn", "mkldnn_prepacked", "onednn", "mkl", "sparse");

    /// <summary>Views and passes: the result may be the first argument.</summary>
    private static readonly FrozenSet<string> AliasesOfFirst = Set(
        "_autocast_to_full_precision", "_autocast_to_reduced_precision", "_conj", "_fw_primal", "_grad_sum_to_size",
        "_indices", "_make_dual", "_ncf_unsqueeze", "_ncf_view", "_neg_view", "_nested_get_values",
        "_nested_view_from_buffer", "_nested_view_from_jagged", "_reshape_alias", "_sparse_broadcast_to",
        "_test_autograd_multiple_dispatch_view", "_unpack_dual", "_unsafe_view", "_unwrap_optional", "_values",
        "__getitem__", "adjoint", "alias", "align_as", "align_tensors", "align_to", "alpha_dropout", "as_strided",
        "as_tensor", "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors", "broadcast_to", "cartesian_prod",
        "ccol_indices", "chain_matmul", "chunk", "coalesce", "col_indices", "conj", "contiguous", "cpu",
        "crow_indices", "cuda", "data", "dequantize", "detach", "diagonal", "dropout", "dsplit", "expand", "expand_as",
        "feature_alpha_dropout", "feature_dropout", "flatten", "flatten_dense_tensors", "hsplit", "imag", "indices",
        "items", "keys", "lift", "lift_fresh", "linalg_diagonal", "linalg_matrix_power", "linalg_multi_dot", "mH", "mT",
        "matrix_H", "matrix_power", "meshgrid", "moveaxis", "movedim", "narrow", "numpy_T", "permute", "pin_memory",
        "popitem", "positive", "ravel", "real", "refine_names", "rename", "reshape", "reshape_as", "resolve_conj",
        "resolve_neg", "row_indices", "select", "slice", "slice_inverse", "split", "split_with_sizes", "squeeze",
        "sum_to_size", "swapaxes", "swapdims", "t", "tensor_split", "to", "to_dense", "to_mkldnn", "to_sparse",
        "transpose", "type_as", "unbind", "unflatten", "unflatten_dense_tensors", "unfold", "unsafe_chunk",
        "unsafe_split", "unsafe_split_with_sizes", "unsqueeze", "values", "view", "view_as", "view_as_complex",
        "view_as_real", "vsplit");

    /// <summary>The result may be any argument, or an element of one.</summary>
    private static readonly FrozenSet<string> AliasesOfAny = Set("einsum", "get", "pop", "setdefault");

    /// <summary>New collections with the elements of the old ones.</summary>
    private static readonly FrozenSet<string> CopiesOfCollections = Set(
        "list", "dict", "OrderedDict", "copy", "sorted");

    /// <summary>Of tensors they compute, of collections they join the elements.</summary>
    private static readonly FrozenSet<string> Joins = Set("add", "mul");

    /// <summary>They change a list or a dict; those that put something in keep it there.</summary>
    private static readonly FrozenSet<string> CollectionWrites = Set(
        "append", "extend", "insert", "pop", "clear", "remove", "reverse", "sort", "update", "setdefault", "popitem",
        "_set_item", "Delete");

    /// <summary>In-place or not, they write to more than their first argument.</summary>
    private static readonly FrozenSet<string> WritesToAll = Set(
        "_amp_foreach_non_finite_check_and_unscale", "_amp_foreach_non_finite_check_and_unscale_", "_amp_update_scale",
        "_amp_update_scale_", "_batch_norm_with_update", "_cummax_helper", "_cummin_helper", "_fused_adagrad",
        "_fused_adagrad_", "_fused_adam", "_fused_adam_", "_fused_adamw", "_fused_adamw_",
        "_fused_moving_avg_obs_fq_helper", "_fused_sgd", "_fused_sgd_", "_mm_plus_mm", "fbgemm_linear_fp16_weight",
        "fbgemm_linear_fp16_weight_fp32_activation", "fused_moving_avg_obs_fake_quant", "rrelu_with_noise",
        "rrelu_with_noise_", "set_data");

    /// <summary>Names of the arguments behind a schema's star that results go to.</summary>
    private static readonly FrozenSet<string> Outputs = Set(
        "L", "LD", "LU", "M", "P", "Q", "R", "S", "U", "V", "Vh", "X", "a", "bin_edges", "buffer", "eigenvalues",
        "eigenvectors", "eigvals", "eigvecs", "exponent", "grad_bias", "grad_input", "grad_weight", "hist", "indices",
        "info", "inverse", "is_target", "logabsdet", "mantissa", "max", "max_values", "min", "min_indices", "out",
        "out0", "out1", "out2", "out3", "out4", "out5", "out6", "output", "pivots", "rank", "reserve", "residuals",
        "result", "save_invstd", "save_mean", "sign", "singular_values", "solution", "tau", "total_weight", "values");

    /// <summary>They write to the running mean and variance, unless the flag behind these is off.</summary>
    private static readonly FrozenSet<string> Normalizations = Set(
        "batch_norm", "native_batch_norm", "cudnn_batch_norm", "miopen_batch_norm", "_batch_norm_impl_index",
        "instance_norm", "_native_batch_norm_legit");

    private const int RunningMean = 3;
    private const int RunningVariance = 4;
    private const int NormalizationTrains = 5;

    /// <summary>Tells whether an operator changes a collection by what it is given.</summary>
    public static bool IsCollectionWrite(string name) => CollectionWrites.Contains(name);

    /// <summary>Tells whether what is put in stays there: the collection has it from now on.</summary>
    public static bool Keeps(string name) =>
        name is "append" or "extend" or "insert" or "update" or "setdefault" or "_set_item" or "add_" or "mul_";

    /// <summary>The arguments that an operator writes to.</summary>
    public static IEnumerable<CodeArgument> Written(string name, IReadOnlyList<CodeArgument> arguments) =>
        arguments.Where((argument, place) => (argument.Name is { } output && Outputs.Contains(output))
            || (place == 0 && (IsInPlace(name) || IsCollectionWrite(name)))
            || WritesToAll.Contains(name)
            || (place is RunningMean or RunningVariance && Normalizations.Contains(name)
                && arguments is not [_, _, _, _, _, { Value: NameExpression { Name: "False" } }, ..]));

    /// <summary>What an operator's result comes from, outputs that are named not counted.</summary>
    /// <param name="space">Such as <c>aten</c>.</param>
    /// <param name="origins">Of the arguments, in order.</param>
    public static IEnumerable<int> Result(string space, string name, IReadOnlyList<HashSet<int>> origins)
    {
        var all = origins.SelectMany(static o => o);
        var first = origins.Count > 0 ? origins[0] : Origins.None;
        return name switch
        {
            _ when AliasesOfAny.Contains(name) => Origins.Opened(all),
            _ when CopiesOfCollections.Contains(name) => Origins.Held(all),
            _ when Joins.Contains(name) => all.Where(static o => o < 0),
            _ when AliasesOfFirst.Contains(name) || IsInPlace(name) || IsCollectionWrite(name) => first,
            _ => space == "aten" || ComputingNamespaces.Contains(space) ? Origins.None : all,
        };
    }

    /// <summary>Ends in one underscore, or is the operator of an assignment such as <c>|=</c>.</summary>
    private static bool IsInPlace(string name) =>
        (name.EndsWith('_') && !name.EndsWith("__", StringComparison.Ordinal) && name.Length > 1)
        || name is "__iand__" or "__ior__" or "__ixor__" or "__ilshift__" or "__irshift__";

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}
