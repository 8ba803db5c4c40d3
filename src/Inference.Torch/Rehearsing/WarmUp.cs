using MlCluster.Inference.Batching;

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
    public static IReadOnlyList<TokenBatch> For(ITextEncoder encoder, BatchingMode mode) => mode switch
    {
        BatchingMode.Exclusive => [],
        BatchingMode.OneByOne => [Batch(encoder, ShortTokens, 1), Batch(encoder, MiddleTokens, 1)],
        _ => [Batch(encoder, ShortTokens, 1), Batch(encoder, MiddleTokens, 2)],
    };

    private static TokenBatch Batch(ITextEncoder encoder, int tokens, int rows) => BatchLayout.Pack(
        [.. Enumerable.Repeat(RehearsalProbes.Document(encoder, tokens), rows)], encoder.PadId);
}
