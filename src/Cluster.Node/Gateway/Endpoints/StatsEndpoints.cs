using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Stats;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Statistics: what nodes have counted (contract 7).</summary>
internal sealed class StatsEndpoints(StatsCollector collector) : IEndpointSource
{
    private const string Root = "/_plugins/_ml";
    private const string Node = "{nodeId}";
    private const string Stat = "{stat}";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Stats($"{Root}/stats", "getStats", request: "StatsQuery"),
        Stats($"{Root}/stats/{Stat}", "getStatsOf"),
        Stats($"{Root}/{Node}/stats", "getStatsOfNodes"),
        Stats($"{Root}/{Node}/stats/{Stat}", "getStatsOfNodesOf"),
    ];

    private ApiEndpoint Stats(string path, string id, string? request = null) => new("GET", path, GetAsync)
    {
        Body = BodyRule.Optional,
        Description = new(id, "Statistics", "What nodes have counted since they started")
        {
            Details = "A body is read where the path names nothing, and refused elsewhere.",
            Request = request,
            Answer = "Stats",
        },
    };

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        var query = call.Body.IsEmpty
            ? StatsQuery.OfPath(Part(call, Node), Part(call, Stat))
            : OfBody(call);
        var data = await collector.CollectAsync(query, call.Cancelled);
        return new JsonAnswer(json => StatsWriter.Write(json, query, data));
    }

    // OpenSearch reads either the body or the path, and refuses the part of the path that it did not read.
    private static StatsQuery OfBody(ApiCall call)
    {
        var query = StatsQuery.Parse(call.Body.Span);
        string[] unread = [.. new[] { Node, Stat }.Where(p => Part(call, p) is not null).Select(p => $"[{p[1..^1]}]")];
        return unread.Length == 0 ? query : throw ApiError.IllegalArgument(
            $"request [{call.Target.Path}] contains unrecognized parameter{(unread.Length > 1 ? "s" : "")}: "
            + $"{string.Join(", ", unread)}; with a body, name nodes as node_ids and statistics as "
            + "cluster_level_stats or node_level_stats in it").ToException();
    }

    private static string? Part(ApiCall call, string placeholder) =>
        call.Template.Contains(placeholder, StringComparer.Ordinal) ? call.Segment(placeholder) : null;
}
