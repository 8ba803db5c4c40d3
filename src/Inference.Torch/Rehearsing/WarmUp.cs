using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Rehearsing;

/// <summary>The forwards that a worker runs before it serves: first ones cost a few times more than later ones.</summary>
internal static class WarmUp
{
    private const int ShortTokens = 6;
    private const int MiddleTokens = 32;
    private const int Rows = 4;

    /// <summary>A short, a middle and, where documents share forwards, a batched one; none where a model would remember it.</summary>
    public static IReadOnlyList<TokenBatch> For(ITextEncoder encoder, BatchingMode mode)
    {
        var text = RehearsalProbes.Document(encoder, MiddleTokens);
        var brief = RehearsalProbes.Document(encoder, ShortTokens);
        return mode switch
        {
            BatchingMode.Exclusive => [],
            BatchingMode.OneByOne => [Pack(encoder, 1, brief), Pack(encoder, 1, text)],
            _ => [Pack(encoder, 1, brief), Pack(encoder, 1, text), Pack(encoder, Rows, text)],
        };
    }

    private static TokenBatch Pack(ITextEncoder encoder, int rows, int[] document) =>
        BatchLayout.Pack([.. Enumerable.Repeat(document, rows)], encoder.PadId);
}
