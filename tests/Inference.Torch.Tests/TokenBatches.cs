using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Tests;

/// <summary>Makes batches out of token ids.</summary>
internal static class TokenBatches
{
    /// <summary>Padded to the longest document, with id 0.</summary>
    public static TokenBatch Of(params IReadOnlyList<int[]> documents)
    {
        var width = documents.Max(document => document.Length);
        var ids = new long[documents.Count * width];
        var mask = new long[ids.Length];
        for (var row = 0; row < documents.Count; row++)
        {
            for (var i = 0; i < documents[row].Length; i++)
            {
                ids[(row * width) + i] = documents[row][i];
                mask[(row * width) + i] = 1;
            }
        }

        return new TokenBatch(
            documents.Count, width, ids, mask, [.. documents.Select(document => document.Length)]);
    }
}
