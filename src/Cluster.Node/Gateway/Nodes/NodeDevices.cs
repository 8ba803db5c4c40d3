using System.Globalization;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What a node's devices look like to a client; of each node the same order, the preferred one
/// first.</summary>
internal static class NodeDevices
{
    /// <summary>Names with commas between; null: it has none.</summary>
    public static string? Names(NodeDeployments node) => Joined(node, d => d.Name);

    /// <summary>Memory in bytes with commas between, 0 where it is unknown; null: it has no device.</summary>
    public static string? MemoryBytes(NodeDeployments node) =>
        Joined(node, d => (d.MemoryBytes ?? 0).ToString(CultureInfo.InvariantCulture));

    private static string? Joined(NodeDeployments node, Func<NodeDevice, string> part) =>
        node.Devices.Count == 0 ? null : string.Join(',', node.Devices.Select(part));
}
