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
}
