using Akka.Hosting;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Routing;

/// <summary>Registers what every node, whatever its roles, needs to know the others.</summary>
internal static class RoutingSetup
{
    public static IServiceCollection AddRoutingServices(this IServiceCollection services, NodeContext context)
    {
        _ = context;
        return services
            .AddSingleton(new RoutingTable(RoutingState.Empty))
            .AddSingleton<IClusterViewSource>(provider => provider.GetRequiredService<RoutingTable>());
    }

    public static AkkaConfigurationBuilder AddRouting(this AkkaConfigurationBuilder builder, NodeContext context)
    {
        _ = context;
        return builder;
    }
}
