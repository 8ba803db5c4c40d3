using MlCluster.Messages;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Domain.Placement;

/// <summary>Who is in the cluster and serves what: an immutable snapshot that any thread may read.</summary>
/// <param name="Nodes">Reachable members that have published themselves.</param>
/// <param name="Supervisor">The node that hosts the DeploymentSupervisor; null while none is known.</param>
internal sealed record ClusterView(IReadOnlyDictionary<NodeId, NodeDeployments> Nodes, NodeId? Supervisor)
{
    /// <summary>Nobody is known yet.</summary>
    public static ClusterView Empty { get; } = new(new Dictionary<NodeId, NodeDeployments>(), null);

    /// <summary>Nodes that may be given a model: role ml and not leaving.</summary>
    public IEnumerable<NodeDeployments> EligibleNodes =>
        Nodes.Values.Where(n => !n.Draining && n.Roles.Contains(NodeRole.Ml, StringComparer.Ordinal));

    /// <summary>Nodes that serve a model now, each with what it serves.</summary>
    public IEnumerable<(NodeDeployments Node, ServedModel Model)> ReplicasOf(ModelId model) =>
        from node in Nodes.Values
        where !node.Draining
        from served in node.Models
        where served.ModelId == model
        select (node, served);
}

/// <summary>Gives the newest <see cref="ClusterView"/>.</summary>
internal interface IClusterViewSource
{
    /// <summary>The newest snapshot; never blocks.</summary>
    ClusterView Current { get; }
}

/// <summary>Names of roles.</summary>
internal static class NodeRole
{
    public const string Data = "data";
    public const string Ml = "ml";
    public const string Gateway = "gateway";
}
