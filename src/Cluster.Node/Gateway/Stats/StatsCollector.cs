using MlCluster.Messages.Search;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Stats;

/// <summary>Asks nodes for their numbers, and data nodes for those of documents.</summary>
internal sealed class StatsCollector(
    NodeStatisticsClient statistics,
    SearchClient search,
    IClusterViewSource views,
    NodeContext context,
    ILogger<StatsCollector> log)
{
    // Counted, not listed.
    private static readonly SearchBody Count = new() { Size = 0 };

    /// <summary>Collects what the query wants; a node that is silent is left out.</summary>
    public async Task<StatsData> CollectAsync(StatsQuery query, CancellationToken cancelled)
    {
        var models = CountAsync(
            DocumentKind.Model,
            query,
            [KnownStats.ModelIndexStatus, KnownStats.ModelCount, KnownStats.ControllerIndexStatus],
            cancelled);
        var tasks = CountAsync(DocumentKind.Task, query, [KnownStats.TaskIndexStatus], cancelled);
        var nodes = query.WantsNodes
            ? await statistics.AskAsync(NodeSelector.Select(views.Current, context.NodeId, query.NodeIds), cancelled)
            : [];
        return new StatsData(
            StatusOf(await models), StatusOf(await tasks), await models, [.. nodes.OfType<NodeStatisticsReply>()]);
    }

    private static IndexStatus StatusOf(long? count) => count is null ? IndexStatus.Red : IndexStatus.Green;

    private async Task<long?> CountAsync(
        DocumentKind kind, StatsQuery query, string[] stats, CancellationToken cancelled)
    {
        if (!Array.Exists(stats, query.WantsClusterStat))
        {
            return null;
        }

        try
        {
            return (await search.SearchAsync(kind, Count, cancelled)).Total;
        }
        catch (Exception e) when (e is ClusterUnavailableException or ApiException { Error.Status: >= 429 })
        {
            log.LogWarning(e, "Documents of kind {Kind} could not be counted for statistics", kind);
            return null;
        }
    }
}
