using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Tests.Gateway.Support;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Documents to search, and searches.</summary>
internal static class SearchKit
{
    public const long Now = 1_700_000_000_000;

    public static ModelDocument Model(string id, string name, ModelStatus status = ModelStatus.Registered) =>
        Samples.Document(status, Dialect.Current) with
        {
            ModelId = new ModelId(id), Spec = Samples.Spec with { Name = name },
        };

    public static TaskDocument Task(string id, TaskStatus status, long created = 1, string? error = null) =>
        Samples.TaskDocument(TaskType.DeployModel, status, Dialect.Current) with
        {
            TaskId = new TaskId(id), CreateTime = created, Error = error,
        };

    public static DocumentIndex Of(params ModelDocument[] models)
    {
        var index = new DocumentIndex(DocumentMapping.Models);
        foreach (var (i, model) in models.Index())
        {
            index.Put(IndexedDocument.Of(model, i + 1));
        }

        return index;
    }

    public static DocumentIndex Of(params TaskDocument[] tasks)
    {
        var index = new DocumentIndex(DocumentMapping.Tasks);
        foreach (var (i, task) in tasks.Index())
        {
            index.Put(IndexedDocument.Of(task, i + 1));
        }

        return index;
    }

    public static SearchDocuments SearchFor(SearchQuery query, params SortField[] sort) =>
        new(DocumentKind.Model, SearchQueryBytes.Encode(query), sort, [], 0, 1000, null);

    public static FoundRows Find(this DocumentIndex index, SearchQuery query, params SortField[] sort) =>
        DocumentSearch.Run(index, SearchFor(query, sort), query, Now);

    public static string[] Ids(this FoundRows found) => [.. found.Rows.Select(r => r.Document.Id)];

    public static TermsQuery Term(string field, string value) => new(field, [value], IsScored: true, IgnoreCase: false);
}
