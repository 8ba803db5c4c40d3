using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Hosting;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Telemetry;

/// <summary>Tells gateways what this node has counted; on every node.</summary>
internal sealed class NodeStatisticsActor : ReceiveActor
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "node-statistics";

    /// <param name="kept">Predictions that the times of a model cover.</param>
    public NodeStatisticsActor(NodeMetrics metrics, Func<int> kept) => Receive<GetNodeStatistics>(
        _ => Sender.Tell(metrics.Read() with { Routed = metrics.Routed.Read(kept()) }));
}

/// <summary>Gives the actor system what it needs to count.</summary>
internal static class StatisticsSetup
{
    public static AkkaConfigurationBuilder AddStatistics(
        this AkkaConfigurationBuilder builder, NodeContext context) =>
        builder
            .AddSetup(new MetricsSetup(context.Metrics))
            .WithActors((system, _, resolver) =>
            {
                var kept = MonitoringWindow.Of(resolver.GetService<IClusterSettings>(), context.Config);
                system.ActorOf(
                    Props.Create(() => new NodeStatisticsActor(context.Metrics, kept)), NodeStatisticsActor.Name);
            });
}
