namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>The terms of a field, a row a document, in their order.</summary>
/// <remarks>Most documents have one term or none: these take four bytes a row.</remarks>
internal sealed class TermColumn
{
    private const int None = -1;
    private const int Several = -2;
    private int[] _single = [];
    private int[]?[] _several = [];
    private (long Version, int[] Ranks) _ranked = (-1, []);

    /// <summary>The terms that there are.</summary>
    public TermDictionary Terms { get; } = new();

    /// <summary>Rows that have a term.</summary>
    public int RowCount { get; private set; }

    /// <summary>Terms of all rows together.</summary>
    public long TermCount { get; private set; }

    public void Set(int row, IReadOnlyList<string> terms)
    {
        Grow(row);
        var ordinals = terms.Select(Terms.Keep).ToArray();
        foreach (var ordinal in ordinals.Distinct())
        {
            Terms.AddDocument(ordinal);
        }

        _single[row] = ordinals.Length switch { 0 => None, 1 => ordinals[0], _ => Several };
        if (ordinals.Length > 1)
        {
            Array.Resize(ref _several, Math.Max(_several.Length, _single.Length));
            _several[row] = ordinals;
        }

        (RowCount, TermCount) = (RowCount + (ordinals.Length > 0 ? 1 : 0), TermCount + ordinals.Length);
    }

    public void Clear(int row)
    {
        if (row >= _single.Length || _single[row] == None)
        {
            return;
        }

        var terms = TermsOf(row);
        (RowCount, TermCount) = (RowCount - 1, TermCount - terms.Length);
        foreach (var ordinal in terms.ToArray().Distinct())
        {
            Terms.RemoveDocument(ordinal);
        }

        if (_single[row] == Several)
        {
            _several[row] = null;
        }

        _single[row] = None;
    }

    /// <summary>Ordinals of a row's terms.</summary>
    public ReadOnlySpan<int> TermsOf(int row) => row >= _single.Length ? [] : _single[row] switch
    {
        None => [],
        Several => _several[row],
        _ => _single.AsSpan(row, 1),
    };

    /// <summary>Rows that have a term.</summary>
    public RowSet Present()
    {
        var found = new RowSet(_single.Length);
        for (var row = 0; row < _single.Length; row++)
        {
            if (_single[row] != None)
            {
                found.Add(row);
            }
        }

        return found;
    }

    /// <summary>Rows that have this term.</summary>
    public RowSet RowsOf(int ordinal)
    {
        var found = new RowSet(_single.Length);
        for (var row = 0; row < _single.Length; row++)
        {
            var term = _single[row];
            if (term == ordinal || (term == Several && _several[row].AsSpan().Contains(ordinal)))
            {
                found.Add(row);
            }
        }

        return found;
    }

    /// <summary>Rows that have one of the terms.</summary>
    /// <param name="accepted">By ordinal.</param>
    public RowSet RowsOf(bool[] accepted)
    {
        var found = new RowSet(_single.Length);
        for (var row = 0; row < _single.Length; row++)
        {
            var term = _single[row];
            if (term >= 0 ? accepted[term] : term == Several && Array.Exists(_several[row]!, t => accepted[t]))
            {
                found.Add(row);
            }
        }

        return found;
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
