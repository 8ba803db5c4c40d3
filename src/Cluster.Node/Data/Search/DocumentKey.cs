using MlCluster.Messages.Search;

namespace MlCluster.Node.Data.Search;

/// <summary>A document by the name of its entity's journal.</summary>
internal readonly record struct DocumentKey(DocumentKind Kind, string Id)
{
    private const string Model = "model-";
    private const string Task = "task-";

    /// <summary>The name.</summary>
    public string PersistenceId => (Kind == DocumentKind.Model ? Model : Task) + Id;

    /// <summary>Null: the journal is of something that has no document.</summary>
    public static DocumentKey? Of(string persistenceId)
    {
        if (persistenceId.StartsWith(Model, StringComparison.Ordinal))
        {
            return new DocumentKey(DocumentKind.Model, persistenceId[Model.Length..]);
        }

        return persistenceId.StartsWith(Task, StringComparison.Ordinal)
            ? new DocumentKey(DocumentKind.Task, persistenceId[Task.Length..])
            : null;
    }
}
