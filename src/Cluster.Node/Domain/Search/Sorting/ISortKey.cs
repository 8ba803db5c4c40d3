using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Scoring;

namespace MlCluster.Node.Domain.Search.Sorting;

/// <summary>Orders rows by one thing.</summary>
internal interface ISortKey
{
    /// <summary>Below zero: the first comes first.</summary>
    int Compare(int row, int other);

    /// <summary>Writes a number for each row that is lower for one that comes first, and equal for rows that are.
    /// </summary>
    void Rank(ReadOnlySpan<int> rows, Span<long> ranks);

    /// <summary>False where no number says it: rows have to be compared.</summary>
    bool HasRanks => true;

    /// <summary>Compares a row with a value that a client gave.</summary>
    int Compare(int row, SortValue value);

    /// <summary>What a client is told of a row, to go on from there.</summary>
    SortValue ValueOf(int row);
}

/// <summary>By a field with numbers, or by when documents were made; a missing one is the highest or lowest there is, as
/// in OpenSearch.</summary>
internal sealed class NumberKey(NumberColumn column, bool descending, bool missingFirst) : ISortKey
{
    private readonly long _missing = missingFirst == descending ? long.MaxValue : long.MinValue;
    private readonly int _sign = descending ? -1 : 1;

    /// <inheritdoc />
    public int Compare(int row, int other) => _sign * Value(row).CompareTo(Value(other));

    /// <inheritdoc />
    public void Rank(ReadOnlySpan<int> rows, Span<long> ranks)
    {
        // ~ turns the order around, the lowest number included.
        var turned = descending ? -1L : 0L;
        for (var i = 0; i < rows.Length; i++)
        {
            ranks[i] = Value(rows[i]) ^ turned;
        }
    }

    /// <inheritdoc />
    public int Compare(int row, SortValue value) => _sign * Value(row).CompareTo(value switch
    {
        { Number: { } number } => number,
        { Real: { } real } => (long)real,
        { Text: { } text } => long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SearchException($"Failed to parse search_after value [{text}] for a field with numbers"),
        _ => _missing,
    });

    /// <inheritdoc />
    public SortValue ValueOf(int row) => new(null, Value(row), null);

    private long Value(int row) => column.Has(row) ? column[row] : _missing;
}

/// <summary>By a field with terms; of several the lowest counts, or the highest when descending.</summary>
internal sealed class TermKey(TermColumn column, bool descending, bool missingFirst) : ISortKey
{
    private readonly int[] _ranks = column.Ranks();
    private readonly int _sign = descending ? -1 : 1;
    private readonly int _missing = missingFirst ? -1 : 1;

    /// <inheritdoc />
    public int Compare(int row, int other) => (Ordinal(row), Ordinal(other)) switch
    {
        (< 0, < 0) => 0,
        (< 0, _) => _missing,
        (_, < 0) => -_missing,
        var (a, b) => _sign * _ranks[a].CompareTo(_ranks[b]),
    };

    /// <inheritdoc />
    public void Rank(ReadOnlySpan<int> rows, Span<long> ranks)
    {
        var missing = _missing < 0 ? long.MinValue : long.MaxValue;
        for (var i = 0; i < rows.Length; i++)
        {
            ranks[i] = Ordinal(rows[i]) is >= 0 and var ordinal ? _sign * _ranks[ordinal] : missing;
        }
    }

    /// <inheritdoc />
    public int Compare(int row, SortValue value) => (Ordinal(row), TextOf(value)) switch
    {
        (< 0, null) => 0,
        (< 0, _) => _missing,
        (_, null) => -_missing,
        var (a, text) => _sign * string.CompareOrdinal(column.Terms[a], text),
    };

    /// <inheritdoc />
    public SortValue ValueOf(int row) =>
        new(Ordinal(row) is >= 0 and var ordinal ? column.Terms[ordinal] : null, null, null);

    private static string? TextOf(SortValue value) =>
        value.Text ?? value.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private int Ordinal(int row)
    {
        if (column.OnlyTermOf(row) is >= 0 and var only)
        {
            return only;
        }

        var best = -1;
        foreach (var ordinal in column.TermsOf(row))
        {
            best = best < 0 || _sign * _ranks[ordinal] < _sign * _ranks[best] ? ordinal : best;
        }

        return best;
    }
}

/// <summary>By score.</summary>
internal sealed class ScoreKey(IScores scores, bool descending) : ISortKey
{
    private readonly int _sign = descending ? -1 : 1;

    /// <inheritdoc />
    public int Compare(int row, int other) => _sign * scores.Of(row).CompareTo(scores.Of(other));

    /// <inheritdoc />
    public void Rank(ReadOnlySpan<int> rows, Span<long> ranks)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            // Scores are never negative: their bits grow with them.
            ranks[i] = _sign * (long)BitConverter.SingleToInt32Bits(scores.Of(rows[i]));
        }
    }

    /// <inheritdoc />
    public int Compare(int row, SortValue value) =>
        _sign * scores.Of(row).CompareTo((float)(value.Real ?? value.Number ?? 0));

    /// <inheritdoc />
    public SortValue ValueOf(int row) => new(null, null, scores.Of(row));
}

/// <summary>By id.</summary>
internal sealed class IdKey(DocumentIndex index, bool descending) : ISortKey
{
    private readonly int _sign = descending ? -1 : 1;

    /// <inheritdoc />
    public int Compare(int row, int other) => _sign * string.CompareOrdinal(index[row].Id, index[other].Id);

    /// <inheritdoc />
    public bool HasRanks => false;

    /// <inheritdoc />
    public void Rank(ReadOnlySpan<int> rows, Span<long> ranks) => ranks.Clear();

    /// <inheritdoc />
    public int Compare(int row, SortValue value) => _sign * string.CompareOrdinal(index[row].Id, value.Text);

    /// <inheritdoc />
    public SortValue ValueOf(int row) => new(index[row].Id, null, null);
}
