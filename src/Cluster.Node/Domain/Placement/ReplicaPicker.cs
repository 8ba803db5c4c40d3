using MlCluster.Messages;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Domain.Placement;

/// <summary>Chooses the node that gets a request: power of two choices by outstanding tokens.</summary>
/// <remarks>
/// Two replicas are drawn and the less busy one wins. Always taking the least busy of all would send every gateway's
/// requests to the same node between two pieces of news.
/// </remarks>
internal static class ReplicaPicker
{
    /// <summary>Picks a replica; null when there is none.</summary>
    /// <param name="outstandingTokens">Tokens that this gateway has sent to a node and not got back.</param>
    public static NodeDeployments? Pick(
        IReadOnlyList<NodeDeployments> replicas, Func<NodeId, long> outstandingTokens, Random random)
    {
        if (replicas.Count < 2)
        {
            return replicas.Count == 0 ? null : replicas[0];
        }

        var first = random.Next(replicas.Count);
        var second = random.Next(replicas.Count - 1);
        second += second >= first ? 1 : 0;
        return outstandingTokens(replicas[second].NodeId) < outstandingTokens(replicas[first].NodeId)
            ? replicas[second]
            : replicas[first];
    }
}
