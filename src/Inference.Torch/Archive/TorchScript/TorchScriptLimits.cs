namespace MlCluster.Inference.Archive.TorchScript;

/// <summary>What the inside of a <c>.pt</c> may cost.</summary>
/// <param name="MaxRecords">Most entries; a model has about one a tensor and one a class.</param>
/// <param name="MaxPickleBytes">Most bytes of one pickle; large models have a few MB.</param>
/// <param name="MaxCodeBytes">Most bytes of one code file.</param>
/// <param name="MaxTotalCodeBytes">
/// Most bytes of all code and its debug records: they may be packed, so a small file may hold much.
/// </param>
/// <param name="MaxPickleValues">Most values that a pickle keeps at once.</param>
/// <param name="MaxDepth">Deepest nesting of values: libtorch frees them by recursion.</param>
public sealed record TorchScriptLimits(
    int MaxRecords = 100_000,
    int MaxPickleBytes = 64 << 20,
    int MaxCodeBytes = 64 << 20,
    long MaxTotalCodeBytes = 256 << 20,
    int MaxPickleValues = 8_000_000,
    int MaxDepth = 500)
{
    /// <summary>The limits of a node that is told nothing else.</summary>
    public static TorchScriptLimits Default { get; } = new();
}

/// <summary>What a checked TorchScript file says about itself.</summary>
/// <param name="Root">The folder that holds all its records.</param>
/// <param name="ModuleType">Qualified name of the top-level class: <c>__torch__.…</c>.</param>
public sealed record TorchScriptInfo(string Root, string ModuleType);
