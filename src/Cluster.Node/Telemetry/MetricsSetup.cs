using Akka.Actor.Setup;

namespace MlCluster.Node.Telemetry;

/// <summary>Leads what Akka makes by itself, such as journals, to the metrics of its node.</summary>
internal sealed class MetricsSetup(NodeMetrics metrics) : Setup
{
    public NodeMetrics Metrics => metrics;
}
