namespace MlCluster.Inference.Archive.Onnx;

/// <summary>What the inside of a <c>.onnx</c> may cost.</summary>
/// <param name="MaxFileBytes">ONNX Runtime reads no message of 2 GiB or more.</param>
/// <param name="MaxNodes">Most nodes of all graphs and functions together; large models have some ten thousand.</param>
/// <param name="MaxDepth">Deepest nesting of graphs: they are read by recursion, here and there.</param>
/// <param name="MaxNameBytes">Most bytes of the name of an operator or of its domain.</param>
public sealed record OnnxLimits(
    long MaxFileBytes = int.MaxValue, int MaxNodes = 200_000, int MaxDepth = 32, int MaxNameBytes = 1_000)
{
    /// <summary>The limits of a node that is told nothing else.</summary>
    public static OnnxLimits Default { get; } = new();
}
