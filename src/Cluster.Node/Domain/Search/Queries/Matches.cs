using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Scoring;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>What a query found.</summary>
/// <param name="Rows">The rows; whoever has them may change them.</param>
internal sealed record Matches(RowSet Rows, IScores Scores)
{
    /// <summary>Nothing.</summary>
    public static Matches None => Constant(new RowSet(0), 0);

    /// <summary>All with the same score.</summary>
    public static Matches Constant(RowSet rows, float score) => new(rows, new ConstantScores(score));
}
