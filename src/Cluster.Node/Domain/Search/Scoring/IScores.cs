using MlCluster.Node.Domain.Search.Columns;

namespace MlCluster.Node.Domain.Search.Scoring;

/// <summary>Scores of rows that a query found.</summary>
internal interface IScores
{
    /// <summary>The score of such a row.</summary>
    float Of(int row);

    /// <summary>Adds the scores of such rows to sums.</summary>
    /// <param name="sums">A place a row of the index.</param>
    void AddTo(Span<double> sums, RowSet rows);
}

/// <summary>The same for every row.</summary>
internal sealed class ConstantScores(float score) : IScores
{
    /// <inheritdoc />
    public float Of(int row) => score;

    /// <inheritdoc />
    public void AddTo(Span<double> sums, RowSet rows)
    {
        foreach (var row in rows)
        {
            sums[row] += score;
        }
    }
}
