using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Hosting;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Telemetry;

/// <summary>Tells gateways what this node has counted and how busy its machine is; on every node.</summary>
internal sealed class NodeStatisticsActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "node-statistics";

    // What a machine's processors do is told of about so long.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly MachineMeter _machine = new();

    /// <param name="kept">Predictions that the times of a model cover.</param>
    public NodeStatisticsActor(NodeMetrics metrics, Func<int> kept)
    {
        Receive<GetNodeStatistics>(_ => Sender.Tell(metrics.Read() with
        {
            Load = _machine.Read(),
            Process = ProcessMeter.Read(),
            Routed = metrics.Routed.Read(kept()),
        }));
        Receive<ForgetModelStatistics>(word => metrics.Forget(word.ModelId));
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
