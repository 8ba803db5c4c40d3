namespace MlCluster.Node.Domain.Search.Scoring;

/// <summary>Scores of rows that a query found.</summary>
internal interface IScores
{
    /// <summary>The score of such a row.</summary>
    float Of(int row);
}

/// <summary>Scores that were counted before: an order asks for each many times.</summary>
/// <param name="byRow">A place a row.</param>
internal sealed class KnownScores(float[] byRow) : IScores
{
    /// <inheritdoc />
    public float Of(int row) => byRow[row];
}

/// <summary>The same for every row.</summary>
internal sealed class ConstantScores(float score) : IScores
{
    /// <inheritdoc />
    public float Of(int row) => score;
}
