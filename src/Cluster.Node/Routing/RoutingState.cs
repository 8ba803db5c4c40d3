using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Routing;

/// <summary>Everything a node's view of the cluster is computed from.</summary>
/// <param name="Published">What distributed data holds, by <see cref="ClusterMember.Key"/>; may outlive its
/// writers.</param>
/// <param name="Members">Members that are Up, the oldest first.</param>
/// <param name="Local">This node's own word, newer than any copy of it in distributed data.</param>
internal sealed record RoutingState(
    ImmutableDictionary<string, NodeDeployments> Published,
    ImmutableArray<ClusterMember> Members,
    NodeDeployments? Local)
{
    /// <summary>Nothing is known yet.</summary>
    public static RoutingState Empty { get; } = new(ImmutableDictionary<string, NodeDeployments>.Empty, [], null);

    /// <summary>Keeps reachable members alone: what a lost node wrote stays in distributed data after it.</summary>
    public ClusterView ToView()
    {
        var nodes = new Dictionary<NodeId, NodeDeployments>();
        foreach (var member in Members.Where(m => m.Reachable))
        {
            // A restarted node has two members for a moment: the younger one, later in order, is right.
            if (Find(member.Key) is { } node)
            {
                nodes[node.NodeId] = node;
            }
        }

        return new ClusterView(nodes, FindSupervisor())
        {
            UnreachableMlNodes = UnreachableMlNodes().Where(id => !nodes.ContainsKey(id)).ToHashSet(),
        };
    }

    private IEnumerable<NodeId> UnreachableMlNodes() =>
        from member in Members
        where !member.Reachable && member.Roles.Contains(NodeRole.Ml)
        let node = Find(member.Key)
        where node is not null
        select node.NodeId;

    private NodeDeployments? Find(string key) =>
        Local is not null && ClusterMember.KeyOf(Local.Address, Local.Incarnation) == key
            ? Local
            : Published.GetValueOrDefault(key);

    // The cluster singleton lives on the oldest member of its role.
    private NodeId? FindSupervisor() =>
        Members.FirstOrDefault(m => m.Roles.Contains(NodeRole.Data)) is { } oldest
            ? Find(oldest.Key)?.NodeId
            : null;
}

/// <summary>One member of the cluster.</summary>
/// <param name="Key">Address and uid: a restarted node on the same port inherits nothing.</param>
internal sealed record ClusterMember(string Key, ImmutableHashSet<string> Roles, bool Reachable)
{
    public static string KeyOf(string address, long incarnation) => $"{address}#{incarnation}";
}
