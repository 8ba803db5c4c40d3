using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Finds the nodes that a client's words mean (contract 1.5).</summary>
/// <remarks>
/// A word is an id, a name, an address, a pattern with <c>*</c> over these, <c>_all</c>, <c>_local</c>,
/// <c>_cluster_manager</c>, or <c>role:true</c> / <c>role:false</c>. Words that mean nobody are dropped.
/// </remarks>
internal static class NodeSelector
{
    /// <summary>Nodes that at least one of the words means, ordered by id; no words: all.</summary>
    /// <param name="local">The node that was asked.</param>
    public static IReadOnlyList<NodeDeployments> Select(ClusterView view, NodeId local, IReadOnlyList<string> words) =>
    [
        .. view.Nodes.Values
            .Where(n => words.Count == 0 || words.Any(w => Means(w, n, view, local)))
            .OrderBy(n => n.NodeId.Value, StringComparer.Ordinal),
    ];

    private static bool Means(string word, NodeDeployments node, ClusterView view, NodeId local) => word switch
    {
        "_all" or "*" => true,
        "_local" => node.NodeId == local,
        "_cluster_manager" or "_master" => node.NodeId == view.Supervisor,
        _ when RoleForm(word) is { } role => node.Roles.Contains(role.Name, StringComparer.Ordinal) == role.Wanted,
        _ => Names(node).Any(n => PathMatch.Matches(word, n)),
    };

    private static (string Name, bool Wanted)? RoleForm(string word) =>
        word.Split(':') is [{ Length: > 0 } role, "true" or "false"] parts ? (role, parts[1] == "true") : null;

    private static IEnumerable<string> Names(NodeDeployments node)
    {
        var address = NodeAddress.Of(node);
        return [node.NodeId.Value, node.Name, address.Host, $"{address.Host}:{address.Port}"];
    }
}
