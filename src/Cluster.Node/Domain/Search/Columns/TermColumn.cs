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
    public RowSet Present() => RowSet.Where(_single.Length, new HasAny(_single));

    /// <summary>Rows that have this term.</summary>
    public RowSet RowsOf(int ordinal) => RowSet.Where(_single.Length, new Has(_single, _several, ordinal));

    /// <summary>Rows that have one of the terms.</summary>
    /// <param name="accepted">By ordinal.</param>
    public RowSet RowsOf(bool[] accepted) => RowSet.Where(_single.Length, new HasOne(_single, _several, accepted));

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

    private readonly struct HasAny(int[] single) : IRowTest
    {
        public bool Accepts(int row) => single[row] != None;
    }

    private readonly struct Has(int[] single, int[]?[] several, int ordinal) : IRowTest
    {
        public bool Accepts(int row) =>
            single[row] == ordinal || (single[row] == Several && several[row].AsSpan().Contains(ordinal));
    }

    private readonly struct HasOne(int[] single, int[]?[] several, bool[] accepted) : IRowTest
    {
        public bool Accepts(int row) =>
            single[row] >= 0 ? accepted[single[row]] : single[row] == Several && AcceptsOneOf(several[row]);

        private bool AcceptsOneOf(int[]? terms)
        {
            foreach (var term in terms.AsSpan())
            {
                if (accepted[term])
                {
                    return true;
                }
            }

            return false;
        }
    }
}
