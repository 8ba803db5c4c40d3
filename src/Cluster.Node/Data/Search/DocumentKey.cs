using MlCluster.Messages.Search;
using MlCluster.Node.Data.Groups;

namespace MlCluster.Node.Data.Search;

/// <summary>A document by the name of its entity's journal.</summary>
internal readonly record struct DocumentKey(DocumentKind Kind, string Id)
{
    private static readonly (DocumentKind Kind, string Prefix)[] Prefixes =
    [
        (DocumentKind.Model, "model-"), (DocumentKind.Task, "task-"), (DocumentKind.ModelGroup, GroupEntities.Group),
    ];

    /// <summary>The name.</summary>
    public string PersistenceId
    {
        get
        {
            var kind = Kind;
            return Prefixes.First(p => p.Kind == kind).Prefix + Id;
        }
    }

    /// <summary>Null: the journal is of something that has no document.</summary>
    public static DocumentKey? Of(string persistenceId)
    {
        foreach (var (kind, prefix) in Prefixes)
        {
            if (persistenceId.StartsWith(prefix, StringComparison.Ordinal))
            {
                return new DocumentKey(kind, persistenceId[prefix.Length..]);
            }
        }

        return null;
    }
}
