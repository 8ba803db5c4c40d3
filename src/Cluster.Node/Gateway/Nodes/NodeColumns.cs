using System.Globalization;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What <c>_cat/nodes</c> tells of a node.</summary>
internal static class NodeColumns
{
    private const int ShortIdLength = 4;
    private const string Unknown = "-";

    /// <summary>All columns, in OpenSearch's order; the last ones are ours.</summary>
    public static CatColumn<NodeRow>[] All(bool fullId) =>
    [
        new("id", ["nodeId"], "unique id", r => Id(r.Node.NodeId.Value, fullId)) { IsDefault = false },
        new("ip", ["i"], "address in the cluster", r => NodeAddress.Of(r.Node).Host),
        new("port", ["po"], "port in the cluster", r => NodeAddress.Of(r.Node).Port) { IsDefault = false },
        new("http_address", ["http"], "address of the REST API", r => r.Node.HttpAddress ?? Unknown)
            { IsDefault = false },
        new("version", ["v"], "version of the API", _ => ServerVersion.Number) { IsDefault = false },
        Asked("heap.percent", ["hp", "heapPercent"], "managed heap, % of the process's memory",
            r => Text(r.Said?.Numbers.HeapPercent)),
        Asked("ram.percent", ["rp", "ramPercent"], "memory of the machine in use, %", r => Text(r.Load?.RamPercent)),
        Asked("cpu", [], "processor time of the machine in use of late, %", r => Text(r.Load?.CpuPercent)),
        Asked("load_1m", ["l"], "load over a minute", r => Text(r.Load?.Load1)),
        Asked("load_5m", [], "load over 5 minutes", r => Text(r.Load?.Load5)),
        Asked("load_15m", [], "load over 15 minutes", r => Text(r.Load?.Load15)),
        new("node.role", ["r", "role", "nodeRole"], "d: data; -: no role with a letter", r => NodeRoles.Letters(r.Node)),
        new("node.roles", ["rs", "all_roles"], "data, ml; -: neither", r => NodeRoles.Names(r.Node)),
        new("cluster_manager", ["m", "master"], "*: supervises deployments", r => r.IsManager ? "*" : Unknown),
        new("name", ["n"], "name", r => r.Node.Name),
        new("devices", [], "devices for models", r => NodeDevices.Names(r.Node) ?? Unknown) { IsDefault = false },
        new("device.memory", [], "their memory in bytes", r => NodeDevices.MemoryBytes(r.Node) ?? Unknown)
            { IsDefault = false, IsNumber = true },
        new("models", [], "models in service", r => Text(r.Node.Models.Count)) { IsDefault = false, IsNumber = true },
    ];

    private static CatColumn<NodeRow> Asked(string name, string[] aliases, string about, Func<NodeRow, string> value) =>
        new(name, aliases, about, value) { IsNumber = true, IsAsked = true };

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Unknown;

    private static string Text(double? number) => number?.ToString("0.00", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Id(string id, bool full) => full || id.Length <= ShortIdLength ? id : id[..ShortIdLength];
}

/// <summary>One node.</summary>
/// <param name="Said">What it answered; null: nothing, or nobody asked.</param>
/// <param name="IsManager">It hosts the DeploymentSupervisor.</param>
internal sealed record NodeRow(NodeDeployments Node, NodeStatisticsReply? Said, bool IsManager)
{
    public MachineLoad? Load => Said?.Load;
}
