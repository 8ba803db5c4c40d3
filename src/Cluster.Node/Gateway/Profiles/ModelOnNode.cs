using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>One model on one node: the node has it, or routed predictions to it, or both.</summary>
/// <param name="Profile">Null: the node does not have it.</param>
/// <param name="Requests">Null: the node routed no predictions to it.</param>
internal sealed record ModelOnNode(NodeId NodeId, ModelId ModelId, ModelProfile? Profile, LatencySummary? Requests)
{
    /// <summary>Puts together what ml nodes and gateways said.</summary>
    public static IReadOnlyList<ModelOnNode> Join(
        IEnumerable<NodeProfileReply> hosts, IEnumerable<NodeStatisticsReply> gateways)
    {
        var hosted = hosts.SelectMany(n => n.Models.Select(m => (Key: (n.NodeId, m.ModelId), Model: m)))
            .ToDictionary(m => m.Key, m => m.Model);
        var routed = gateways.SelectMany(n => n.Routed.Select(r => (Key: (n.NodeId, r.ModelId), r.Times)))
            .ToDictionary(r => r.Key, r => r.Times);
        return
        [
            .. hosted.Keys.Union(routed.Keys).Select(k => new ModelOnNode(
                k.NodeId, k.ModelId, hosted.GetValueOrDefault(k), routed.GetValueOrDefault(k))),
        ];
    }
}
