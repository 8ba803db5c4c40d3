using System.Collections.Frozen;
using MlCluster.Messages;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Domain.Placement;

/// <summary>Who is in the cluster and serves what: an immutable snapshot that any thread may read.</summary>
/// <remarks>
/// What is asked for with every request, or for every model, is looked up: thousands of models on a hundred nodes make
/// scans of milliseconds. The lookups are made when the first reader needs them.
/// </remarks>
/// <param name="nodes">Reachable members that have published themselves.</param>
/// <param name="supervisor">The node that hosts the DeploymentSupervisor; null while none is known.</param>
internal sealed class ClusterView(IReadOnlyDictionary<NodeId, NodeDeployments> nodes, NodeId? supervisor)
{
    private static readonly IReadOnlyList<(NodeDeployments Node, ServedModel Model)> Nowhere = [];

    private readonly Lazy<IReadOnlyList<EligibleNode>> _eligible = new(() => EligibleOf(nodes.Values));
    private readonly Lazy<FrozenDictionary<ModelId, IReadOnlyList<(NodeDeployments Node, ServedModel Model)>>> _replicas =
        new(() => ReplicasOf(nodes.Values));

    /// <summary>Nobody is known yet.</summary>
    public static ClusterView Empty { get; } = new(FrozenDictionary<NodeId, NodeDeployments>.Empty, null);

    /// <summary>Reachable members that have published themselves.</summary>
    public IReadOnlyDictionary<NodeId, NodeDeployments> Nodes => nodes;

    /// <summary>The node that hosts the DeploymentSupervisor; null while none is known.</summary>
    public NodeId? Supervisor => supervisor;

    /// <summary>Members with role ml that cannot be reached: ended, or cut off for a while.</summary>
    public IReadOnlySet<NodeId> UnreachableMlNodes { get; init; } = FrozenSet<NodeId>.Empty;

    /// <summary>Nodes that may be given a model: role ml and not leaving.</summary>
    public IReadOnlyList<EligibleNode> EligibleNodes => _eligible.Value;

    /// <summary>Nodes that serve a model now, each with what it serves.</summary>
    public IReadOnlyList<(NodeDeployments Node, ServedModel Model)> ReplicasOf(ModelId model) =>
        _replicas.Value.GetValueOrDefault(model, Nowhere);

    /// <summary>True: that very process is a member that can be reached.</summary>
    public bool IsThere(NodeDeployments process) =>
        nodes.TryGetValue(process.NodeId, out var now) && now.Incarnation == process.Incarnation;

    /// <summary>True: a member of that id may be running, whether or not it can be reached now.</summary>
    public bool MayLive(NodeId node) => nodes.ContainsKey(node) || UnreachableMlNodes.Contains(node);

    private static List<EligibleNode> EligibleOf(IEnumerable<NodeDeployments> nodes) =>
    [
        .. nodes.Where(n => !n.Draining && n.Roles.Contains(NodeRole.Ml, StringComparer.Ordinal))
            .Select(n => new EligibleNode(n, PlacementNode.Of(n))),
    ];

    private static FrozenDictionary<ModelId, IReadOnlyList<(NodeDeployments Node, ServedModel Model)>> ReplicasOf(
        IEnumerable<NodeDeployments> nodes)
    {
        var replicas =
            from node in nodes
            where !node.Draining
            from served in node.Models
            group (node, served) by served.ModelId;
        return replicas.ToFrozenDictionary(
            r => r.Key, r => (IReadOnlyList<(NodeDeployments Node, ServedModel Model)>)[.. r]);
    }
}

/// <summary>A node that may be given a model.</summary>
/// <param name="Node">What it says of itself.</param>
/// <param name="Placement">The same as the planner sees it.</param>
internal sealed record EligibleNode(NodeDeployments Node, PlacementNode Placement)
{
    public NodeId NodeId => Node.NodeId;
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
