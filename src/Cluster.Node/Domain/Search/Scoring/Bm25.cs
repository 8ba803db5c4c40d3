using MlCluster.Node.Domain.Search.Columns;

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

/// <summary>Scores of a word, or of words in a row, in a text field.</summary>
/// <param name="words">Ordinals of the words.</param>
internal sealed class TextScores(TermColumn column, int[] words, float boost) : IScores
{
    private readonly double _weight =
        boost * words.Sum(w => Bm25.Rarity(column.RowCount, column.Terms.DocumentsOf(w)));

    private readonly double _averageLength = (double)column.TermCount / Math.Max(1, column.RowCount);

    /// <inheritdoc />
    public float Of(int row)
    {
        var terms = column.TermsOf(row);
        return Bm25.Score(_weight, Frequency(terms, words), terms.Length, _averageLength);
    }

    /// <summary>How often the words are there, one after the other.</summary>
    public static int Frequency(ReadOnlySpan<int> terms, ReadOnlySpan<int> words)
    {
        if (words.Length == 1)
        {
            return terms.Count(words[0]);
        }

        var count = 0;
        for (var start = 0; start + words.Length <= terms.Length; start++)
        {
            count += terms.Slice(start, words.Length).SequenceEqual(words) ? 1 : 0;
        }

        return count;
    }
}
