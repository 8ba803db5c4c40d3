using Akka.Hosting;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Ml;

/// <summary>Registers the role that loads and serves models.</summary>
internal static class MlRole
{
    /// <summary>Services of every node: health is shown by nodes without the role as well.</summary>
    public static IServiceCollection AddMlServices(this IServiceCollection services, NodeContext context)
    {
        _ = context;
        return services.AddSingleton<NodeHealth>();
    }

    public static AkkaConfigurationBuilder AddMlRole(this AkkaConfigurationBuilder builder, NodeContext context)
    {
        _ = context;
        return builder;
    }
}
