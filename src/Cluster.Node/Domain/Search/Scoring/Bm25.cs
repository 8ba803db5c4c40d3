namespace MlCluster.Node.Domain.Search.Scoring;

/// <summary>Okapi BM25 with Lucene's constants: what OpenSearch 3 scores terms with.</summary>
internal static class Bm25
{
    private const double Saturation = 1.2;
    private const double LengthShare = 0.75;

    /// <summary>How rare a term is.</summary>
    /// <param name="documents">Documents that have the field.</param>
    /// <param name="withTerm">Those of them that have the term.</param>
    public static double Rarity(long documents, long withTerm) =>
        Math.Log(1 + ((documents - withTerm + 0.5) / (withTerm + 0.5)));

    /// <param name="frequency">How often the term is in the field of the document.</param>
    /// <param name="length">Terms of that field; 1 where lengths do not count.</param>
    /// <param name="averageLength">The same, over all documents that have the field.</param>
    public static float Score(double weight, double frequency, double length, double averageLength)
    {
        var norm = Saturation * (1 - LengthShare + (LengthShare * length / averageLength));
        return (float)(weight - (weight / (1 + (frequency / norm))));
    }
}
