namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>The terms of a column, numbered; a number is free again when no document has its term.</summary>
internal sealed class TermDictionary
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);
    private readonly List<string?> _terms = [];
    private readonly List<int> _documents = [];
    private readonly Stack<int> _free = [];

    /// <summary>Grows when a term comes or goes.</summary>
    public long Version { get; private set; }

    /// <summary>One more than the highest number.</summary>
    public int Size => _terms.Count;

    /// <summary>The number of a term; -1: no document has it.</summary>
    public int Find(string term) => _ordinals.GetValueOrDefault(term, -1);

    /// <summary>The term; null: the number is free.</summary>
    public string? this[int ordinal] => _terms[ordinal];

    /// <summary>Documents that have the term.</summary>
    public int DocumentsOf(int ordinal) => _documents[ordinal];

    /// <summary>The number of a term, a new one if need be; a document is to be added then.</summary>
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
            _documents.Add(0);
        }

        _terms[ordinal] = term;
        Version++;
        return _ordinals[term] = ordinal;
    }

    public void AddDocument(int ordinal) => _documents[ordinal]++;

    public void RemoveDocument(int ordinal)
    {
        if (--_documents[ordinal] == 0)
        {
            _ordinals.Remove(_terms[ordinal]!);
            _terms[ordinal] = null;
            _free.Push(ordinal);
            Version++;
        }
    }

    /// <summary>Which terms a rule takes, by number.</summary>
    public bool[] Where(Predicate<string> accepts) => [.. _terms.Select(t => t is not null && accepts(t))];

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
