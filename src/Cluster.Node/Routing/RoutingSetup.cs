using Akka;
using Akka.Actor;
using Akka.Hosting;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Routing;

/// <summary>Registers what every node, whatever its roles, needs to know the others.</summary>
internal static class RoutingSetup
{
    public static IServiceCollection AddRoutingServices(this IServiceCollection services, NodeContext context) =>
        services
            .AddSingleton<RoutingTable>()
            .AddSingleton<IClusterViewSource>(provider => provider.GetRequiredService<RoutingTable>())
            .AddSingleton(provider => new LocalNode(provider.GetRequiredService<RoutingTable>(), context));

    public static AkkaConfigurationBuilder AddRouting(this AkkaConfigurationBuilder builder, NodeContext context)
    {
        var options = RoutingOptions.FromConfig(context.Config);
        return builder.WithActors((system, _, resolver) =>
        {
            var local = resolver.GetService<LocalNode>();
            var table = resolver.GetService<RoutingTable>();
            system.ActorOf(Props.Create(() => new RoutingSubscriber(table, options)), RoutingSubscriber.Name);
            var publisher = system.ActorOf(Props.Create(() => new NodePublisher(local)), NodePublisher.Name);
            var self = Akka.Cluster.Cluster.Get(system).SelfUniqueAddress;
            local.Start(self.Address.ToString(), self.Uid, node => publisher.Tell(node));
            CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseBeforeServiceUnbind,
                "withdraw-routing",
                () => WithdrawAsync(local, publisher, options.WithdrawTimeout));
        });
    }

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
