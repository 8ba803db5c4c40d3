using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Tools.Singleton;
using Akka.DependencyInjection;
using Akka.Hosting;
using MlCluster.Messages;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Groups;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Data.Search;
using MlCluster.Node.Data.Settings;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Data.Tasks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Hosting;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Data;

/// <summary>Starts what owns models and tasks, or the way to it on a node without the role.</summary>
internal static class DataRole
{
    /// <summary>Shard regions of models, tasks and groups, and the supervisor; for nodes with role data.</summary>
    public static AkkaConfigurationBuilder AddDataRole(this AkkaConfigurationBuilder builder, NodeContext context)
    {
        var options = DataOptions.FromConfig(context.Config);
        return builder
            .WithShardRegion<TaskRegion>(
                ShardRegions.Task,
                (_, _, resolver) =>
                {
                    var settings = resolver.GetService<IClusterSettings>();
                    return id => TaskActor.Props(new TaskId(id), options, context.Time, settings);
                },
                ShardRegions.TaskExtractor,
                Entities())
            .WithShardRegion<ModelRegion>(
                ShardRegions.Model,
                (_, registry, resolver) =>
                {
                    var services = resolver.GetService<DataServices>().For(
                        registry.Get<TaskRegion>(), resolver.GetService<IClusterViewSource>());
                    return id => ModelActor.Props(new ModelId(id), services);
                },
                ShardRegions.ModelExtractor,
                Entities())
            .WithShardRegion<ModelGroupRegion>(
                ShardRegions.ModelGroup,
                (_, _, _) => id => GroupEntities.PropsOf(id, options, context.Time),
                ShardRegions.ModelGroupExtractor,
                Entities())
            .WithSingleton<DeploymentSupervisor>(
                ShardRegions.Supervisor,
                (_, registry, resolver) => SupervisorProps(registry, resolver, options, context.Time),
                new ClusterSingletonOptions { Role = NodeRole.Data },
                createProxyToo: false)
            .WithSingleton<SettingsActor>(
                ShardRegions.Settings,
                (_, _, resolver) => SettingsActor.Props(new SettingsOwnerSetup(
                    SettingsOptions.FromConfig(context.Config),
                    context.Time,
                    resolver.GetService<IClusterViewSource>())),
                new ClusterSingletonOptions { Role = NodeRole.Data },
                createProxyToo: false)
            .WithSingleton<DocumentProjector>(
                ShardRegions.DocumentProjector,
                (_, _, resolver) => DocumentProjector.Props(
                    resolver.GetService<DocumentTable>(), options.Search, context.Time),
                new ClusterSingletonOptions { Role = NodeRole.Data },
                createProxyToo: false)
            .WithActors((system, _, resolver) => system.ActorOf(
                DocumentSearcher.Props(resolver.GetService<DocumentTable>(), options.Search, context.Time),
                DocumentSearcher.Name))
            .AddProxies();
    }

    /// <summary>Proxies of the same; for nodes without role data.</summary>
    public static AkkaConfigurationBuilder AddDataProxies(this AkkaConfigurationBuilder builder, NodeContext context) =>
        builder
            .WithShardRegionProxy<ModelRegion>(ShardRegions.Model, NodeRole.Data, ShardRegions.ModelExtractor)
            .WithShardRegionProxy<TaskRegion>(ShardRegions.Task, NodeRole.Data, ShardRegions.TaskExtractor)
            .WithShardRegionProxy<ModelGroupRegion>(
                ShardRegions.ModelGroup, NodeRole.Data, ShardRegions.ModelGroupExtractor)
            .AddProxies();

    /// <summary>What the data role and readers of chunks need from the container; for every node.</summary>
    public static void AddDataServices(this IServiceCollection services, NodeContext context)
    {
        ChunkMemory.Prepare();
        var options = DataOptions.FromConfig(context.Config);
        services.AddSingleton(options);
        services.AddSingleton(new UrlPolicy(
            options.Uploads.TrustedUrl,
            options.Uploads.AllowPrivateNetworks,
            [.. context.Options.AllowFiles.Select(RealPath.Resolve)]));
        services.AddSingleton<IChunkSource>(p => new JournalChunkSource(
            p.GetRequiredService<ActorSystem>, options.ChunkReadTimeout, context.Time));
        services.AddSingleton<IArchiveCheck, EngineArchiveCheck>().AddSingleton<JournalRows>()
            .AddSingleton<DocumentTable>();
        services.AddSingleton(p => new DataServices(
            context,
            options,
            p.GetRequiredService<IChunkSource>(),
            p.GetRequiredService<UrlPolicy>(),
            p.GetRequiredService<IArchiveCheck>(),
            p.GetRequiredService<JournalRows>(),
            p.GetRequiredService<IClusterSettings>()));
    }

    // Entities end themselves when nothing is unfinished, and are told to stop by a message that waits in line.
    private static ShardOptions Entities() => new()
    {
        Role = NodeRole.Data,
        RememberEntities = false,
        StateStoreMode = Akka.Cluster.Sharding.StateStoreMode.DData,
        ShouldPassivateIdleEntities = false,
        HandOffStopMessage = StopEntity.Instance,
    };

    private static Props SupervisorProps(
        IActorRegistry registry, IDependencyResolver resolver, DataOptions options, TimeProvider time) =>
        DeploymentSupervisor.Props(new SupervisorSetup(
            options,
            time,
            resolver.GetService<IClusterViewSource>(),
            registry.Get<ModelRegion>(),
            registry.Get<TaskRegion>(),
            AttentionFeed.ReadJournal,
            resolver.GetService<JournalRows>())
        {
            Settings = resolver.GetService<IClusterSettings>(),
        });

    private static AkkaConfigurationBuilder AddProxies(this AkkaConfigurationBuilder builder) => builder
        .WithActors((system, registry) =>
        {
            registry.Register<SupervisorProxy>(
                Proxy(system, ShardRegions.Supervisor, ShardRegions.SupervisorProxyName));
            registry.Register<SettingsProxy>(Proxy(system, ShardRegions.Settings, ShardRegions.SettingsProxyName));
        });

    private static IActorRef Proxy(ActorSystem system, string singleton, string name) => system.ActorOf(
        ClusterSingletonProxy.Props(
            $"/user/{singleton}",
            ClusterSingletonProxySettings.Create(system).WithRole(NodeRole.Data).WithSingletonName(singleton)),
        name);
}
