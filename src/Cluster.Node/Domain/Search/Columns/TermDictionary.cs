namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>The terms of a column, numbered, with their rows; a number is free again when no row has its term.</summary>
internal sealed class TermDictionary
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly List<string?> _terms = [];
    private readonly Stack<int> _free = [];
    private TermRows[] _rows = [];

    /// <summary>Grows when a term comes or goes.</summary>
    public long Version { get; private set; }

    /// <summary>The number of a term; -1: no row has it.</summary>
    public int Find(string term) => _ordinals.GetValueOrDefault(term, -1);

    /// <summary>The term; null: the number is free.</summary>
    public string? this[int ordinal] => _terms[ordinal];

    /// <summary>How many rows have the term.</summary>
    public int RowCountOf(int ordinal) => _rows[ordinal].Count;

    /// <summary>Adds the rows that have the term to others.</summary>
    public void AddRowsTo(RowSet rows, int ordinal) => _rows[ordinal].AddTo(rows);

    /// <summary>The number of a term, a new one if need be; a row is to be added then.</summary>
    public int Keep(string term)
    {
        if (_ordinals.TryGetValue(term, out var known))
        {
            return known;
        }

        if (!_free.TryPop(out var ordinal))
        {
            ordinal = _terms.Count;
            _terms.Add(null);
            if (ordinal == _rows.Length)
            {
                Array.Resize(ref _rows, Math.Max(4, ordinal * 2));
            }
        }

        _terms[ordinal] = term;
        Version++;
        return _ordinals[term] = ordinal;
    }

    /// <summary>Adds a row to those that have the term.</summary>
    /// <param name="rowCount">Rows that the column has.</param>
    public void AddRow(int ordinal, int row, int rowCount) => _rows[ordinal].Add(row, rowCount);

    /// <summary>Takes a row from those that have the term; the term goes with the last one.</summary>
    /// <param name="rowCount">Rows that the column has.</param>
    public void RemoveRow(int ordinal, int row, int rowCount)
    {
        _rows[ordinal].Remove(row, rowCount);
        if (_rows[ordinal].Count == 0)
        {
            _rows[ordinal] = default;
            _ordinals.Remove(_terms[ordinal]!);
            _terms[ordinal] = null;
            _free.Push(ordinal);
            Version++;
        }
    }

    /// <summary>Numbers of the terms that a rule takes.</summary>
    public int[] Where(Predicate<string> accepts) =>
        [.. Enumerable.Range(0, _terms.Count).Where(o => _terms[o] is { } term && accepts(term))];

    /// <summary>The place of each term in their order, by number.</summary>
    public int[] Ranks()
    {
        var ranks = new int[_terms.Count];
        var sorted = Enumerable.Range(0, _terms.Count).OrderBy(o => _terms[o], StringComparer.Ordinal);
        foreach (var (rank, ordinal) in sorted.Index())
        {
            ranks[ordinal] = rank;
        }

        return ranks;
    }
}
