using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>Tells gateways what this node has counted; on every node.</summary>
internal sealed class NodeStatisticsActor : ReceiveActor
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "node-statistics";

    public NodeStatisticsActor(NodeMetrics metrics)
    {
        Receive<GetNodeStatistics>(_ => Sender.Tell(metrics.Read()));
        Receive<ForgetModelStatistics>(word => metrics.Forget(word.ModelId));
    }
}

/// <summary>Gives the actor system what it needs to count.</summary>
internal static class StatisticsSetup
{
    public static AkkaConfigurationBuilder AddStatistics(
        this AkkaConfigurationBuilder builder, NodeMetrics metrics) =>
        builder
            .AddSetup(new MetricsSetup(metrics))
            .WithActors((system, _) => system.ActorOf(
                Props.Create(() => new NodeStatisticsActor(metrics)), NodeStatisticsActor.Name));
}
