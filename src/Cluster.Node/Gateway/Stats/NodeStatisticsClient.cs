using MlCluster.Messages.Routing;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Hosting;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Gateway.Stats;

/// <summary>Asks nodes for their numbers.</summary>
internal sealed class NodeStatisticsClient(
    IClusterClient client, GatewayOptions options, ILogger<NodeStatisticsClient> log)
{
    /// <summary>Asks all of them at once; one that is silent is null.</summary>
    public Task<NodeStatisticsReply?[]> AskAsync(IEnumerable<NodeDeployments> nodes, CancellationToken cancelled) =>
        Task.WhenAll(nodes.Select(n => AskAsync(n, cancelled)));

    private async Task<NodeStatisticsReply?> AskAsync(NodeDeployments node, CancellationToken cancelled)
    {
        try
        {
            return await client.AskPathAsync<NodeStatisticsReply>(
                $"{node.Address}/user/{NodeStatisticsActor.Name}",
                new GetNodeStatistics(),
                options.ProfileTimeout,
                cancelled);
        }
        catch (ClusterUnavailableException e)
        {
            log.LogWarning(e, "Node {Node} gave no statistics", node.NodeId);
            return null;
        }
    }
}
