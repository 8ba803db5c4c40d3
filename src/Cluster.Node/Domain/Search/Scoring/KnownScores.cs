using System.Buffers;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Queries;

namespace MlCluster.Node.Domain.Search.Scoring;

/// <summary>Scores that were counted for all rows at once: an order asks for each.</summary>
internal sealed class KnownScores : IScores, IDisposable
{
    private readonly double[] _byRow;

    /// <param name="found">At least one row.</param>
    /// <param name="rowCount">Rows of the index.</param>
    public KnownScores(Matches found, int rowCount)
    {
        _byRow = ArrayPool<double>.Shared.Rent(rowCount);
        foreach (var row in found.Rows)
        {
            _byRow[row] = 0;
        }

        found.Scores.AddTo(_byRow, found.Rows);
        foreach (var row in found.Rows)
        {
            Highest = Math.Max(Highest, Of(row));
        }
    }

    /// <summary>The highest of them.</summary>
    public float Highest { get; }

    /// <inheritdoc />
    public float Of(int row) => (float)_byRow[row];

    /// <inheritdoc />
    public void AddTo(Span<double> sums, RowSet rows)
    {
        foreach (var row in rows)
        {
            sums[row] += _byRow[row];
        }
    }

    /// <summary>Gives the memory back; there are no scores any more.</summary>
    public void Dispose() => ArrayPool<double>.Shared.Return(_byRow);
}
