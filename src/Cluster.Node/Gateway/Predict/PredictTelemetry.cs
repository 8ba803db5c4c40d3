using MlCluster.Messages;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Hosting;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Times whole predictions, on whichever nodes they were answered (contract 6).</summary>
internal sealed class PredictTelemetry(NodeContext context, IClusterSettings settings)
{
    private readonly Func<int> _kept = MonitoringWindow.Of(settings, context.Config);

    /// <summary>The moment at which one begins.</summary>
    public long Begin() => context.Time.GetTimestamp();

    /// <summary>It has its results.</summary>
    /// <param name="began">As <see cref="Begin"/> gave it.</param>
    public void End(ModelId model, long began) =>
        context.Metrics.Routed.Record(model, context.Time.GetElapsedTime(began), _kept());
}
