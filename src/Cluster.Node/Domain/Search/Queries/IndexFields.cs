using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Documents;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>What queries ask of an index: its fields by name, its rows by terms and ids.</summary>
internal sealed class IndexFields(DocumentIndex index)
{
    /// <summary>Holds a document's id.</summary>
    public const string Id = "_id";

    /// <summary>A field; null: no document has it.</summary>
    /// <exception cref="SearchException">It is none of documents'.</exception>
    public FieldMapping? Find(string name) => name is ['_', ..]
        ? throw new SearchException(
            $"the metadata field [{name}] cannot be searched here; use a field of the document, or _id in ids, term or "
            + "terms")
        : index.Mapping.Find(name);

    /// <summary>Rows of documents by id.</summary>
    public RowSet WithIds(IEnumerable<string> ids)
    {
        var found = new RowSet(0);
        foreach (var row in ids.Select(index.RowOf).Where(r => r >= 0))
        {
            found.Add(row);
        }

        return found;
    }

    /// <summary>Rows that have one of these terms.</summary>
    public RowSet Accepted(FieldMapping field, IReadOnlyList<string> values)
    {
        var column = index.Terms(field);
        var ordinals = values.Select(v => column.Terms.Find(field.Synonyms.GetValueOrDefault(v, v)));
        return column.RowsOf([.. ordinals.Where(o => o >= 0)]);
    }

    /// <summary>Rows that have a term which a rule takes, in either generation's words.</summary>
    public RowSet Accepted(FieldMapping field, Predicate<string> accepts)
    {
        var column = index.Terms(field);
        var older = field.Synonyms.Where(s => accepts(s.Key)).Select(s => s.Value).ToHashSet(StringComparer.Ordinal);
        return column.RowsOf(column.Terms.Where(
            older.Count == 0 ? accepts : t => accepts(t) || older.Contains(t)));
    }
}
