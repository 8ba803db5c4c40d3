using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>A cluster that a test arranges.</summary>
internal sealed class FakeViews : IClusterViewSource
{
    private ClusterView _current = ClusterView.Empty;

    public ClusterView Current => Volatile.Read(ref _current);

    public void Show(params NodeDeployments[] nodes) =>
        Volatile.Write(ref _current, new ClusterView(nodes.ToDictionary(n => n.NodeId), null));

    /// <summary>A node with roles data and ml.</summary>
    public static NodeDeployments Node(NodeId id, string address, long incarnation = 1, params ModelId[] serves) => new(
        id,
        id.Value,
        address,
        incarnation,
        [NodeRole.Data, NodeRole.Ml],
        null,
        [],
        false,
        [.. serves.Select(m => new ServedModel(m, "TEXT_EMBEDDING", "cpu", "padded", [], 1, 512))]);
}
