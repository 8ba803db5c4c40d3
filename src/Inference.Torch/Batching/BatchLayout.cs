using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Batching;

/// <summary>Lays rows out for one forward.</summary>
internal static class BatchLayout
{
    /// <summary>Rows in the given order, padded on the right to the longest.</summary>
    public static TokenBatch Pack(IReadOnlyList<TokenRow> rows, int padId)
    {
        var lengths = rows.Select(row => row.Length).ToArray();
        var width = lengths.Max();
        var mask = new long[rows.Count * width];
        for (var row = 0; row < rows.Count; row++)
        {
            mask.AsSpan(row * width, lengths[row]).Fill(1);
        }

        var ids = Fill(rows, width, row => new TokenColumn(row.Ids, padId));
        return new TokenBatch(rows.Count, width, ids, mask, lengths)
        {
            Columns = [.. rows[0].Columns.Select((_, at) => Fill(rows, width, row => row.Columns[at]))],
        };
    }

    private static long[] Fill(IReadOnlyList<TokenRow> rows, int width, Func<TokenRow, TokenColumn> choose)
    {
        var filled = new long[rows.Count * width];
        for (var row = 0; row < rows.Count; row++)
        {
            var (values, pad) = choose(rows[row]);
            var target = filled.AsSpan(row * width, width);
            for (var i = 0; i < values.Length; i++)
            {
                target[i] = values[i];
            }

            target[values.Length..].Fill(pad);
        }

        return filled;
    }
}
