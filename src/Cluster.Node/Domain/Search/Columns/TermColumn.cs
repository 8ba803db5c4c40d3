namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>The terms of a field: those of each row in their order, and the rows of each term.</summary>
/// <remarks>Most documents have one term or none: these take four bytes a row.</remarks>
internal sealed class TermColumn
{
    private const int None = -1;
    private readonly RowSet _present = new(0);
    private readonly RowSet _repeating = new(0);

    // The only term, or none, or how many there are: a number below none.
    private int[] _single = [];
    private int[]?[] _several = [];
    private (long Version, int[] Ranks) _ranked = (-1, []);

    /// <summary>The terms that there are.</summary>
    public TermDictionary Terms { get; } = new();

    /// <summary>Rows that have a term.</summary>
    public int RowCount { get; private set; }

    /// <summary>Terms of all rows together.</summary>
    public long TermCount { get; private set; }

    /// <summary>Gives a row these terms instead of those it has.</summary>
    /// <param name="terms">Empty: none.</param>
    public void Set(int row, IReadOnlyList<string> terms)
    {
        if (terms.Count == 0 && !_present.Contains(row))
        {
            return;
        }

        Grow(row);
        int[] before = [.. TermsOf(row)];
        int[] after = [.. terms.Select(Terms.Keep)];
        foreach (var ordinal in after.Except(before))
        {
            Terms.AddRow(ordinal, row, _single.Length);
        }

        foreach (var ordinal in before.Except(after))
        {
            Terms.RemoveRow(ordinal, row, _single.Length);
        }

        RowCount += Math.Min(after.Length, 1) - Math.Min(before.Length, 1);
        TermCount += after.Length - before.Length;
        Store(row, after);
    }

    /// <summary>Ordinals of a row's terms.</summary>
    public ReadOnlySpan<int> TermsOf(int row) => row >= _single.Length ? [] : _single[row] switch
    {
        None => [],
        < None => _several[row],
        _ => _single.AsSpan(row, 1),
    };

    /// <summary>The ordinal of a row's only term; below zero: it has none or several.</summary>
    public int OnlyTermOf(int row) => row < _single.Length ? _single[row] : None;

    /// <summary>How many terms a row has that has one.</summary>
    public int LengthOf(int row) => Math.Max(1, -_single[row]);

    /// <summary>True for a row that has a term more than once.</summary>
    public bool Repeats(int row) => _repeating.Contains(row);

    /// <summary>Rows that have a term.</summary>
    public RowSet Present() => _present.Copy();

    /// <summary>Rows that have one of these terms.</summary>
    public RowSet RowsOf(params ReadOnlySpan<int> ordinals)
    {
        var rows = new RowSet(_single.Length);
        foreach (var ordinal in ordinals)
        {
            Terms.AddRowsTo(rows, ordinal);
        }

        return rows;
    }

    /// <summary>The place of each term among all, by ordinal.</summary>
    public int[] Ranks()
    {
        if (_ranked.Version != Terms.Version)
        {
            _ranked = (Terms.Version, Terms.Ranks());
        }

        return _ranked.Ranks;
    }

    private void Store(int row, int[] terms)
    {
        _single[row] = terms.Length switch { 0 => None, 1 => terms[0], var many => -many };
        if (terms.Length > 1)
        {
            Array.Resize(ref _several, Math.Max(_several.Length, _single.Length));
            _several[row] = terms;
        }
        else if (row < _several.Length)
        {
            _several[row] = null;
        }

        _present.Put(row, terms.Length > 0);
        _repeating.Put(row, terms.Distinct().Count() < terms.Length);
    }

    private void Grow(int row)
    {
        if (row >= _single.Length)
        {
            var before = _single.Length;
            Array.Resize(ref _single, Math.Max(row + 1, before * 2));
            _single.AsSpan(before).Fill(None);
        }
    }
}
