using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>Tells gateways what this node has counted and how busy its machine is; on every node.</summary>
internal sealed class NodeStatisticsActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "node-statistics";

    // What a machine's processors do is told of about so long.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly MachineMeter _machine = new();

    public NodeStatisticsActor(NodeMetrics metrics)
    {
        Receive<GetNodeStatistics>(_ => Sender.Tell(metrics.Read() with
        {
            Load = _machine.Read(),
            Process = ProcessMeter.Read(),
        }));
        Receive<Look>(_ => _machine.Look());
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        _machine.Look();
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookInterval);
    }

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
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
