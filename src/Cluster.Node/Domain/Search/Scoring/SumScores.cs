using System.Buffers;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Queries;

namespace MlCluster.Node.Domain.Search.Scoring;

/// <summary>The sum over those parts of a query that a row meets.</summary>
internal sealed class SumScores(IReadOnlyList<Matches> parts, float boost) : IScores
{
    /// <inheritdoc />
    public float Of(int row)
    {
        double sum = 0;
        foreach (var part in parts)
        {
            sum += part.Rows.Contains(row) ? part.Scores.Of(row) : 0;
        }

        return (float)(sum * boost);
    }

    /// <inheritdoc />
    public void AddTo(Span<double> sums, RowSet rows)
    {
        var own = ArrayPool<double>.Shared.Rent(sums.Length);
        foreach (var row in rows)
        {
            own[row] = 0;
        }

        foreach (var part in parts)
        {
            part.Scores.AddTo(own, rows.Copy().And(part.Rows));
        }

        foreach (var row in rows)
        {
            sums[row] += (float)(own[row] * boost);
        }

        ArrayPool<double>.Shared.Return(own);
    }
}
