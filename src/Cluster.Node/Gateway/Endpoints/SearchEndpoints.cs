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
        .. Both("/_plugins/_ml/models/_search", DocumentKind.Model),
        .. Both("/_plugins/_ml/tasks/_search", DocumentKind.Task),
        .. Both("/_plugins/_ml/model_groups/_search", DocumentKind.ModelGroup),
    ];

    private ApiEndpoint[] Both(string path, DocumentKind kind) =>
        [Search("GET", path, kind), Search("POST", path, kind)];

    private ApiEndpoint Search(string method, string path, DocumentKind kind) =>
        new(method, path, call => SearchAsync(call, kind))
        {
            Body = BodyRule.Optional, Parameters = ["source", "source_content_type"],
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
        MediaTypes.Check(call.Query.Get("source_content_type"), BodyRule.Optional);
        return Encoding.UTF8.GetBytes(source);
    }
}
