using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.Stats;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>_cat/nodes</c> (contract 9, 18).</summary>
internal sealed class CatEndpoints(IClusterViewSource views, NodeStatisticsClient statistics, NodeContext context)
    : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("GET", "/_cat/nodes", NodesAsync)
        {
            // The last ones change nothing here; clients send them as a matter of habit.
            Parameters =
            [
                "v", "h", "s", "help", "full_id",
                "bytes", "time", "local", "master_timeout", "cluster_manager_timeout", "timeout",
            ],
            TextAnswers = true,
            Description = new("catNodes", "Cluster", "Nodes as a table")
            {
                Details = "Text; JSON with `format=json` or `Accept: application/json`.", Answer = "CatTable",
            },
        },
    ];

    private async ValueTask<ApiAnswer> NodesAsync(ApiCall call)
    {
        var all = NodeColumns.All(call.Query.GetBoolean("full_id"));
        var header = call.Query.GetBoolean("v");
        if (call.Query.GetBoolean("help"))
        {
            return new TextAnswer(CatTable.Help(all));
        }

        var columns = CatTable.Select(all, call.Query.Get("h"));
        var order = CatOrder<NodeRow>.Parse(all, call.Query.Get("s"));
        var isAsked = columns.Concat(order.Select(o => o.Column)).Any(c => c.IsAsked);
        var rows = CatOrder<NodeRow>.Sort(order, await RowsAsync(isAsked, call.Cancelled));
        return WantsJson(call)
            ? new JsonAnswer(json => CatTable.WriteJson(json, columns, rows))
            : new TextAnswer(CatTable.Text(columns, rows, header));
    }

    // A node that is silent costs a wait: where nobody looks at what it would say, it is not asked.
    private async Task<NodeRow[]> RowsAsync(bool isAsked, CancellationToken cancelled)
    {
        var view = views.Current;
        var nodes = NodeSelector.Select(view, context.NodeId, []);
        var said = isAsked ? await statistics.AskAsync(nodes, cancelled) : new NodeStatisticsReply?[nodes.Count];
        return [.. nodes.Select((n, i) => new NodeRow(n, said[i], n.NodeId == view.Supervisor))];
    }

    private static bool WantsJson(ApiCall call) => call.Query.Get("format") is { Length: > 0 } format
        ? format == "json"
        : MediaTypes.IsJson(call.Http.Request.Headers.Accept.ToString());
}
