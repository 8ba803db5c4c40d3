using System.Buffers;
using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Domain.Search.Scoring;

namespace MlCluster.Node.Domain.Search.Sorting;

/// <summary>Orders rows by several keys; what is left equal comes as it was made, then by id.</summary>
internal sealed class RowOrder : IComparer<int>
{
    private readonly DocumentIndex _index;
    private readonly ISortKey[] _keys;
    private readonly ISortKey[] _all;

    /// <param name="fields">Empty: by score.</param>
    /// <exception cref="SearchException">A field cannot be sorted by.</exception>
    public RowOrder(DocumentIndex index, IReadOnlyList<SortField> fields, IScores scores)
    {
        _index = index;
        _keys = fields.Count > 0
            ? [.. fields.Select(f => KeyOf(f, scores))]
            : scores is ConstantScores ? [] : [new ScoreKey(scores, descending: true)];
        _all = [.. _keys, new NumberKey(index.Created, descending: false, missingFirst: false)];
    }

    /// <inheritdoc />
    public int Compare(int x, int y)
    {
        foreach (var key in _all)
        {
            if (key.Compare(x, y) is not 0 and var difference)
            {
                return difference;
            }
        }

        return string.CompareOrdinal(_index[x].Id, _index[y].Id);
    }

    /// <summary>True when a row comes after values that a client gave; equal is not after.</summary>
    public bool IsAfter(int row, IReadOnlyList<SortValue> values)
    {
        for (var i = 0; i < _keys.Length && i < values.Count; i++)
        {
            if (_keys[i].Compare(row, values[i]) is not 0 and var difference)
            {
                return difference > 0;
            }
        }

        return false;
    }

    /// <summary>The values of a row, a field each.</summary>
    public IReadOnlyList<SortValue> ValuesOf(int row) => [.. _keys.Select(k => k.ValueOf(row))];

    /// <summary>The first rows in this order.</summary>
    /// <param name="after">Only rows after these values; empty: all.</param>
    public int[] First(RowSet rows, int count, IReadOnlyList<SortValue> after)
    {
        var total = rows.Count;
        var buffer = ArrayPool<int>.Shared.Rent(total);
        var wanted = buffer.AsSpan(0, total);
        rows.CopyTo(wanted);
        var first = new TopRows(_all, this).First(after.Count == 0 ? wanted : After(wanted, after), count);
        ArrayPool<int>.Shared.Return(buffer);
        return first;
    }

    private Span<int> After(Span<int> rows, IReadOnlyList<SortValue> values)
    {
        var count = 0;
        foreach (var row in rows)
        {
            if (IsAfter(row, values))
            {
                rows[count++] = row;
            }
        }

        return rows[..count];
    }

    private ISortKey KeyOf(SortField sort, IScores scores) => sort.Field switch
    {
        "_score" => new ScoreKey(scores, sort.Descending),
        "_id" => new IdKey(_index, sort.Descending),
        "_doc" => new NumberKey(_index.Created, sort.Descending, missingFirst: false),
        _ => OfField(sort),
    };

    private ISortKey OfField(SortField sort) => _index.Mapping.Find(sort.Field) switch
    {
        null when sort.MayBeUnmapped => new NumberKey(new NumberColumn(), sort.Descending, sort.MissingFirst),
        null => throw new SearchException($"No mapping found for [{sort.Field}] in order to sort on"),
        { Type: FieldType.Text } => throw new SearchException(
            "Text fields are not optimised for operations that require per-document field data like aggregations and "
            + "sorting, so these operations are disabled by default. Please use a keyword field instead: "
            + $"[{sort.Field}.keyword]"),
        { Type: FieldType.Keyword } field =>
            new TermKey(_index.Terms(field), sort.Descending, sort.MissingFirst),
        var field => new NumberKey(_index.Numbers(field), sort.Descending, sort.MissingFirst),
    };
}
