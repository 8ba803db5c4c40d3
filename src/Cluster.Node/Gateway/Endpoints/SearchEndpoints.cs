using System.Text;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Searches for models, tasks and model groups (contract 3.6, 4.3, 8).</summary>
internal sealed class SearchEndpoints(SearchClient client, NodeContext context) : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        .. Both("/_plugins/_ml/models/_search", DocumentKind.Model, "Models"),
        .. Both("/_plugins/_ml/tasks/_search", DocumentKind.Task, "Tasks"),
        .. Both("/_plugins/_ml/model_groups/_search", DocumentKind.ModelGroup, "ModelGroups"),
    ];

    private ApiEndpoint[] Both(string path, DocumentKind kind, string what) =>
        [Search("GET", path, kind, $"search{what}"), Search("POST", path, kind, $"search{what}ByPost")];

    private ApiEndpoint Search(string method, string path, DocumentKind kind, string id) =>
        new(method, path, call => SearchAsync(call, kind))
        {
            Body = BodyRule.Optional,
            Parameters = ["source", "source_content_type"],
            Description = new(id, "Search", $"Search for {NameOf(kind)}")
            {
                Details = "Body or `source`: one of the two is needed. Changes are found a second later at most.",
                Request = "Search",
                Answer = "Found",
                Errors = [429],
            },
        };

    private static string NameOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Model => "models",
        DocumentKind.ModelGroup => "model groups",
        _ => "tasks",
    };

    private async ValueTask<ApiAnswer> SearchAsync(ApiCall call, DocumentKind kind)
    {
        var started = context.Time.GetTimestamp();
        var body = SearchBody.Parse(BodyOf(call));
        var found = await client.SearchAsync(kind, body, call.Cancelled);
        return new JsonAnswer(json =>
            SearchAnswer.Write(json, kind, body, found, context.Time.GetElapsedTime(started)));
    }

    private static ReadOnlyMemory<byte> BodyOf(ApiCall call)
    {
        if (!call.Body.IsEmpty)
        {
            return call.Body;
        }

        var source = call.Query.Get("source") ?? throw new ApiError(
            400, "parse_exception", "request body or source parameter is required").ToException();
        var type = call.Query.Get("source_content_type") ?? throw ApiError.IllegalArgument(
            "source and source_content_type parameters are required").ToException();
        return MediaTypes.IsJson(type)
            ? Encoding.UTF8.GetBytes(source)
            : throw ApiError.IllegalArgument(
                $"Unknown value for source_content_type [{type}]; send application/json").ToException();
    }
}
