using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Gateway.Stats;

/// <summary>What was collected for statistics.</summary>
/// <param name="ModelCount">Documents of models; null: not asked for, or the data nodes do not answer.</param>
/// <param name="Nodes">What nodes said, by id.</param>
internal sealed record StatsData(
    IndexStatus Models, IndexStatus Tasks, long? ModelCount, IReadOnlyList<NodeStatisticsReply> Nodes);

/// <summary>How documents of one kind are, in OpenSearch's words for an index.</summary>
internal enum IndexStatus
{
    /// <summary>They can be read.</summary>
    Green = 0,

    /// <summary>No data node answers, or its database does not.</summary>
    Red = 1,
}
