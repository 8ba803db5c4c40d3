using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Data.Models;

/// <summary>What every model's entity on this node uses.</summary>
/// <param name="NodeId">This node.</param>
/// <param name="Tasks">The tasks' region.</param>
/// <param name="FreeDiskBytes">Free space where data is kept; null: unknown.</param>
internal sealed record ModelServices(
    NodeId NodeId,
    DataOptions Options,
    TimeProvider Time,
    IClusterViewSource Views,
    IActorRef Tasks,
    Func<long?> FreeDiskBytes,
    ContentCheck ContentCheck,
    DownloadSetup Downloads,
    JournalRows Rows)
{
    public required NodeMetrics Metrics { get; init; }

    /// <summary>Settings of the cluster; the node's own configuration holds where none is set.</summary>
    public IClusterSettings Settings { get; init; } = NoSettings.Instance;
}
