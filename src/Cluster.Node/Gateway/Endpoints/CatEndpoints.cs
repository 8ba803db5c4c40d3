using System.Globalization;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>_cat/nodes</c> (contract 9, 18).</summary>
internal sealed class CatEndpoints(IClusterViewSource views, NodeContext context) : IEndpointSource
{
    private const int ShortIdLength = 4;

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("GET", "/_cat/nodes", NodesAsync)
        {
            // The last ones change nothing here; clients send them as a matter of habit.
            Parameters =
            [
                "v", "h", "s", "full_id",
                "bytes", "time", "local", "master_timeout", "cluster_manager_timeout", "timeout",
            ],
            TextAnswers = true,
            Description = new("catNodes", "Cluster", "Nodes as a table")
            {
                Details = "Text; JSON with `format=json` or `Accept: application/json`.", Answer = "CatTable",
            },
        },
    ];

    private ValueTask<ApiAnswer> NodesAsync(ApiCall call)
    {
        var view = views.Current;
        var here = MachineLoad.Read();
        Row[] rows =
        [
            .. NodeSelector.Select(view, context.NodeId, []).Select(n => new Row(
                n, n.NodeId == context.NodeId ? here : MachineLoad.None, n.NodeId == view.Supervisor)),
        ];
        var all = Columns(call.Query.GetBoolean("full_id"));
        var columns = CatTable.Select(all, call.Query.Get("h"));
        var sorted = CatOrder.Sort(all, rows, call.Query.Get("s"));
        var header = call.Query.GetBoolean("v");
        return new(WantsJson(call)
            ? new JsonAnswer(json => CatTable.WriteJson(json, columns, sorted))
            : new TextAnswer(CatTable.Text(columns, sorted, header)));
    }

    private static bool WantsJson(ApiCall call) => call.Query.Get("format") is { Length: > 0 } format
        ? format == "json"
        : MediaTypes.IsJson(call.Http.Request.Headers.Accept.ToString());

    private static CatColumn<Row>[] Columns(bool fullId) =>
    [
        new("id", ["nodeId"], r => fullId ? r.Node.NodeId.Value : Short(r.Node.NodeId.Value)) { IsDefault = false },
        new("ip", ["i"], r => NodeAddress.Of(r.Node).Host),
        new("port", ["po"], r => NodeAddress.Of(r.Node).Port) { IsDefault = false },
        new("http_address", ["http"], r => r.Node.HttpAddress ?? "-") { IsDefault = false },
        new("version", ["v"], _ => ServerVersion.Number) { IsDefault = false },
        new("heap.percent", ["hp", "heapPercent"], r => r.Load.HeapPercent) { IsNumber = true },
        new("ram.percent", ["rp", "ramPercent"], r => r.Load.RamPercent) { IsNumber = true },
        new("cpu", [], _ => "-") { IsNumber = true },
        new("load_1m", ["l"], r => r.Load.Load1) { IsNumber = true },
        new("load_5m", [], r => r.Load.Load5) { IsNumber = true },
        new("load_15m", [], r => r.Load.Load15) { IsNumber = true },
        new("node.role", ["r", "role", "nodeRole"], r => NodeRoles.Letters(r.Node)),
        new("node.roles", ["rs", "all_roles"], r => NodeRoles.Names(r.Node)),
        new("cluster_manager", ["m", "master"], r => r.IsManager ? "*" : "-"),
        new("name", ["n"], r => r.Node.Name),
        new("devices", [], r => NodeDevices.Names(r.Node) ?? "-") { IsDefault = false },
        new("device.memory", [], r => NodeDevices.MemoryBytes(r.Node) ?? "-") { IsDefault = false, IsNumber = true },
        new("models", [], r => r.Node.Models.Count.ToString(CultureInfo.InvariantCulture))
            { IsDefault = false, IsNumber = true },
    ];

    private static string Short(string id) => id.Length > ShortIdLength ? id[..ShortIdLength] : id;

    private sealed record Row(NodeDeployments Node, MachineLoad Load, bool IsManager);
}
