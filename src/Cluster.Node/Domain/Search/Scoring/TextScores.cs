using MlCluster.Node.Domain.Search.Columns;

namespace MlCluster.Node.Domain.Search.Scoring;

/// <summary>Scores of a word, or of words in a row, in a text field.</summary>
internal sealed class TextScores : IScores
{
    private const int ShortText = 32;
    private readonly TermColumn _column;
    private readonly int[] _words;
    private readonly double _weight;
    private readonly double _averageLength;

    // By length, where a short text has the only word once: most do.
    private readonly float[] _once;

    /// <param name="words">Ordinals of the words.</param>
    public TextScores(TermColumn column, int[] words, float boost)
    {
        (_column, _words) = (column, words);
        _weight = boost * words.Sum(w => Bm25.Rarity(column.RowCount, column.Terms.RowCountOf(w)));
        _averageLength = (double)column.TermCount / Math.Max(1, column.RowCount);
        _once = new float[words.Length == 1 ? ShortText : 0];
        for (var length = 1; length < _once.Length; length++)
        {
            _once[length] = Bm25.Score(_weight, 1, length, _averageLength);
        }
    }

    /// <inheritdoc />
    public float Of(int row)
    {
        var length = _column.LengthOf(row);
        return length < _once.Length && !_column.Repeats(row)
            ? _once[length]
            : Bm25.Score(_weight, Frequency(_column.TermsOf(row), _words), length, _averageLength);
    }

    /// <inheritdoc />
    public void AddTo(Span<double> sums, RowSet rows)
    {
        foreach (var row in rows)
        {
            sums[row] += Of(row);
        }
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
