using Akka.Cluster.Hosting;
using Akka.Cluster.Tools.Singleton;
using Akka.Hosting;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Data;

/// <summary>Starts what owns models and tasks, or the way to it on a node without the role.</summary>
internal static class DataRole
{
    /// <summary>Shard regions of models and tasks, and the supervisor; for nodes with role data.</summary>
    public static AkkaConfigurationBuilder AddDataRole(this AkkaConfigurationBuilder builder, NodeContext context) =>
        builder.AddSupervisorProxy();

    /// <summary>Proxies of the same; for nodes without role data.</summary>
    public static AkkaConfigurationBuilder AddDataProxies(this AkkaConfigurationBuilder builder, NodeContext context) =>
        builder
            .WithShardRegionProxy<ModelRegion>(ShardRegions.Model, NodeRole.Data, ShardRegions.ModelExtractor)
            .WithShardRegionProxy<TaskRegion>(ShardRegions.Task, NodeRole.Data, ShardRegions.TaskExtractor)
            .AddSupervisorProxy();

    /// <summary>What the data role and readers of chunks need from the container; for every node.</summary>
    public static void AddDataServices(this IServiceCollection services, NodeContext context)
    {
    }

    private static AkkaConfigurationBuilder AddSupervisorProxy(this AkkaConfigurationBuilder builder) =>
        builder.WithActors((system, registry) => registry.Register<SupervisorProxy>(system.ActorOf(
            ClusterSingletonProxy.Props(
                $"/user/{ShardRegions.Supervisor}",
                ClusterSingletonProxySettings.Create(system).WithRole(NodeRole.Data)),
            ShardRegions.SupervisorProxyName)));
}
