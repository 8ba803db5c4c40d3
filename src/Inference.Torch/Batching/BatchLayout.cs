namespace MlCluster.Inference.Batching;

/// <summary>Lays documents out as rows of one forward.</summary>
internal static class BatchLayout
{
    /// <summary>Rows in the given order, padded on the right to the longest.</summary>
    public static TokenBatch Pack(IReadOnlyList<int[]> documents, int padId)
    {
        var lengths = documents.Select(ids => ids.Length).ToArray();
        var width = lengths.Max();
        var ids = new long[documents.Count * width];
        var mask = new long[documents.Count * width];
        for (var row = 0; row < documents.Count; row++)
        {
            FillRow(documents[row], padId, ids.AsSpan(row * width, width), mask.AsSpan(row * width, width));
        }

        return new TokenBatch(documents.Count, width, ids, mask, lengths);
    }

    private static void FillRow(int[] document, int padId, Span<long> ids, Span<long> mask)
    {
        for (var i = 0; i < document.Length; i++)
        {
            ids[i] = document[i];
        }

        ids[document.Length..].Fill(padId);
        mask[..document.Length].Fill(1);
    }
}
