using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.Stats;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>_nodes/stats</c>: how busy nodes and their machines are.</summary>
internal sealed class NodesStatsEndpoints(
    IClusterViewSource views, NodeStatisticsClient statistics, NodeContext context, GatewayOptions options)
    : IEndpointSource
{
    private const string Nodes = "{node_ids}";
    private const string Metrics = "{metrics}";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Stats("/_nodes/stats", "nodesStats", _ => NodeStatsWish.Everything),
        Stats($"/_nodes/stats/{Metrics}", "nodesStatsSections", c => Wish(c, null, c.Segment(Metrics))),
        Stats($"/_nodes/{Nodes}/stats", "nodesStatsOf", c => Wish(c, c.Segment(Nodes), null)),
        Stats($"/_nodes/{Nodes}/stats/{Metrics}", "nodesStatsSectionsOf",
            c => Wish(c, c.Segment(Nodes), c.Segment(Metrics))),
    ];

    private static NodeStatsWish Wish(ApiCall call, string? nodes, string? metrics) =>
        NodeStatsWish.Of(nodes, metrics, call.Http.Request.Path.ToString());

    private ApiEndpoint Stats(string path, string id, Func<ApiCall, NodeStatsWish> wish) =>
        new("GET", path, call => AnswerAsync(wish(call), call.Cancelled))
        {
            // What is told does not depend on them; clients send them as a matter of habit.
            Parameters = ["timeout", "level"],
            Description = new(id, "Cluster", "How busy nodes and their machines are")
            {
                Details = "Sections `os`, `process` and `jvm` (the managed heap, on which no models are); others say "
                    + "nothing. A node that does not answer in time counts as failed.",
                Answer = "NodesStats",
            },
        };

    private async ValueTask<ApiAnswer> AnswerAsync(NodeStatsWish wish, CancellationToken cancelled)
    {
        var nodes = NodeSelector.Select(views.Current, context.NodeId, wish.Words);
        var said = await statistics.AskAsync(nodes, cancelled);
        var now = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            NodesHeader.Write(json, options.ClusterName, nodes.Count, said.Count(s => s is null));
            json.WriteStartObject("nodes");
            var writer = new NodeStatsWriter(json, wish, now);
            foreach (var (node, reply) in nodes.Zip(said))
            {
                if (reply is not null)
                {
                    writer.Write(node, reply);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
