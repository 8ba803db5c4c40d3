using Akka;
using Akka.Actor;
using Akka.Hosting;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Routing;

/// <summary>Registers what every node, whatever its roles, needs to know the others.</summary>
internal static class RoutingSetup
{
    // Akka's own default.
    private static readonly TimeSpan AkkaGate = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GateMargin = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddRoutingServices(this IServiceCollection services, NodeContext context) =>
        services
            .AddSingleton<RoutingTable>()
            .AddSingleton(LinksOf(context))
            .AddSingleton<IClusterViewSource>(provider => provider.GetRequiredService<RoutingTable>())
            .AddSingleton(provider => new LocalNode(provider.GetRequiredService<RoutingTable>(), context));

    public static AkkaConfigurationBuilder AddRouting(this AkkaConfigurationBuilder builder, NodeContext context)
    {
        var options = RoutingOptions.FromConfig(context.Config);
        return builder.WithActors((system, _, resolver) =>
        {
            var local = resolver.GetService<LocalNode>();
            var table = resolver.GetService<RoutingTable>();
            var links = resolver.GetService<BrokenLinks>();
            system.ActorOf(Props.Create(() => new RoutingSubscriber(table, links, options)), RoutingSubscriber.Name);
            var publisher = system.ActorOf(Props.Create(() => new NodePublisher(local)), NodePublisher.Name);
            var self = Akka.Cluster.Cluster.Get(system).SelfUniqueAddress;
            local.Start(self.Address.ToString(), self.Uid, node => publisher.Tell(node));
            CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseBeforeServiceUnbind,
                "withdraw-routing",
                () => WithdrawAsync(local, publisher, options.WithdrawTimeout));
        });
    }

    // Both sides close their gate when the connection breaks, the other one perhaps a moment later.
    private static BrokenLinks LinksOf(NodeContext context) => new(
        context.Time,
        context.Config.GetTimeSpan("akka.remote.retry-gate-closed-for", AkkaGate) + GateMargin);

    // From here on nobody picks this node; what it has accepted goes on.
    private static async Task<Done> WithdrawAsync(LocalNode local, IActorRef publisher, TimeSpan timeout)
    {
        if (local.Current is not null)
        {
            local.BeginDraining();
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            publisher.Tell(new NodePublisher.Withdraw(timeout, done));
            await done.Task;
        }

        return Done.Instance;
    }
}
