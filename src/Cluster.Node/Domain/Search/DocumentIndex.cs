using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Domain.Search.Text;

namespace MlCluster.Node.Domain.Search;

/// <summary>All documents of a kind, by columns, for searching; the documents themselves stay in their table.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class DocumentIndex
{
    // OpenSearch's ignore_above of text fields' keywords.
    private const int LongestKeyword = 256;
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TermColumn> _terms;
    private readonly Dictionary<string, NumberColumn> _numbers;
    private readonly List<IndexedRow> _documents = [];
    private readonly Stack<int> _free = [];
    private readonly RowSet _live = new(0);

    public DocumentIndex(DocumentMapping mapping)
    {
        Mapping = mapping;
        _terms = mapping.Fields.Where(f => f.HasTerms)
            .ToDictionary(f => f.Name, _ => new TermColumn(), StringComparer.Ordinal);
        _numbers = mapping.Fields.Where(f => !f.HasTerms)
            .ToDictionary(f => f.Name, _ => new NumberColumn(), StringComparer.Ordinal);
    }

    public DocumentMapping Mapping { get; }

    /// <summary>How many.</summary>
    public int Count => _rows.Count;

    /// <summary>Rows that there are, those without a document included.</summary>
    public int RowCount => _documents.Count;

    /// <summary>Rows that hold a document.</summary>
    public RowSet Live() => _live.Copy();

    /// <summary>The row of a document; -1: there is none.</summary>
    public int RowOf(string id) => _rows.GetValueOrDefault(id, -1);

    /// <summary>The document of a live row.</summary>
    public IndexedRow this[int row] => _documents[row];

    /// <summary>When the documents of live rows were made, in epoch milliseconds.</summary>
    public NumberColumn Created { get; } = new();

    /// <summary>Terms of a field that has them.</summary>
    public TermColumn Terms(FieldMapping field) => _terms[field.Name];

    /// <summary>Numbers of a field that has them.</summary>
    public NumberColumn Numbers(FieldMapping field) => _numbers[field.Name];

    /// <summary>Adds a document, or takes it instead of the one with the same id.</summary>
    public void Put(IndexedDocument document)
    {
        var row = Take(document.Id);
        _documents[row] = new IndexedRow(document.Id, document.Version, document.SeqNo);
        Created.Set(row, document.Created);
        Fill(row, document.Fields);
    }

    /// <summary>Removes a document; one that is not there is no mistake.</summary>
    public void Remove(string id)
    {
        if (_rows.Remove(id, out var row))
        {
            Fill(row, []);
            _live.Remove(row);
            _free.Push(row);
        }
    }

    private int Take(string id)
    {
        if (_rows.TryGetValue(id, out var known))
        {
            return known;
        }

        if (!_free.TryPop(out var row))
        {
            row = _documents.Count;
            _documents.Add(default);
        }

        _rows[id] = row;
        _live.Add(row);
        return row;
    }

    private void Fill(int row, IEnumerable<FieldValue> fields)
    {
        var values = fields.ToLookup(f => f.Field, StringComparer.Ordinal);
        foreach (var field in Mapping.Own)
        {
            Set(row, field, [.. values[field.Name]]);
        }
    }

    private void Set(int row, FieldMapping field, FieldValue[] values)
    {
        switch (field.Type)
        {
            case FieldType.Keyword:
                Terms(field).Set(row, [.. values.Select(v => v.Text!).Distinct(StringComparer.Ordinal)]);
                break;
            case FieldType.Text:
                Terms(field).Set(row, [.. values.SelectMany(v => StandardTokenizer.Tokenize(v.Text!))]);
                Terms(Mapping.KeywordOf(field)!).Set(
                    row, [.. values.Select(v => v.Text!).Where(t => t.Length <= LongestKeyword)]);
                break;
            default:
                Numbers(field).Set(row, values is [var first, ..] ? first.Number : null);
                break;
        }
    }
}

/// <summary>What a row holds beside its columns.</summary>
internal readonly record struct IndexedRow(string Id, long Version, long SeqNo);
