using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>
/// The forwards that a worker runs before it serves: first ones cost a few times more than later ones.
/// </summary>
internal static class WarmUp
{
    private const int ShortTokens = 6;
    private const int MiddleTokens = 16;

    /// <summary>A short document and a longer one, which has company where the model allows it.</summary>
    /// <remarks>
    /// The first forward of all compiles the graph; a shape that was not seen before costs nothing extra. A model that
    /// would remember them runs none.
    /// </remarks>
    public static IReadOnlyList<TokenBatch> For(ModelFunction function, BatchingMode mode) => mode switch
    {
        BatchingMode.Exclusive => [],
        BatchingMode.OneByOne => [Batch(function, ShortTokens, 1), Batch(function, MiddleTokens, 1)],
        _ => [Batch(function, ShortTokens, 1), Batch(function, MiddleTokens, 2)],
    };

    private static TokenBatch Batch(ModelFunction function, int tokens, int rows) => BatchLayout.Pack(
        [.. Enumerable.Repeat(RehearsalProbes.Document(function, tokens), rows)], function.Encoder.PadId);
}
