using Akka;
using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Routing;
using MlCluster.Node.Data;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Ml.Rehearsal;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Ml;

/// <summary>Registers the role that loads and serves models.</summary>
internal static class MlRole
{
    /// <summary>
    /// Services of every node: gateways without the role find nothing served and show health as well.
    /// </summary>
    public static IServiceCollection AddMlServices(this IServiceCollection services, NodeContext context)
    {
        services.AddSingleton<NodeHealth>().AddSingleton<LocalServing>();
        return context.Options.HasRole(NodeRole.Ml)
            ? services
                .AddSingleton<InFlightRequests>()
                .AddSingleton(provider => CreateLoaderServices(provider, context))
                .AddSingleton(provider => provider.GetRequiredService<LoaderServices>().Runtime)
            : services;
    }

    public static AkkaConfigurationBuilder AddMlRole(this AkkaConfigurationBuilder builder, NodeContext context) =>
        builder.WithActors((system, registry, resolver) =>
        {
            var services = resolver.GetService<LoaderServices>();
            var local = resolver.GetService<LocalNode>();
            var setup = new HostSetup(
                services.Options,
                command => LoaderProps(command, services),
                registry.Get<ModelRegion>(),
                registry.Get<TaskRegion>(),
                local)
            {
                Settings = resolver.GetService<IClusterSettings>(),
                Time = context.Time,
                FreeDiskBytes = services.FreeDiskBytes,
                IsCached = sha256 => services.Cache.Find(sha256) is not null,
                Gates = services.Gates,
                Health = resolver.GetService<NodeHealth>(),
                Metrics = context.Metrics,
                TrimCache = services.Cache.Trim,
                MakeRoom = services.Cache.MakeRoom,
            };
            var host = system.ActorOf(Props.Create(() => new ModelHostActor(setup)), ModelHostActor.Name);
            resolver.GetService<ClusterSettings>().Listen(() => host.Tell(ModelHostActor.LimitsChanged.Instance));
            var log = resolver.GetService<ILogger<ModelRuntimeSource>>();
            _ = PublishDevicesAsync(services, local, log).PipeTo(host, success: () => ModelHostActor.DevicesKnown.Instance);
            CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseServiceRequestsDone,
                "finish-predictions",
                () => FinishAsync(services.InFlight));
        });

    private static LoaderServices CreateLoaderServices(IServiceProvider provider, NodeContext context)
    {
        var options = MlOptions.FromConfig(context.Config);
        var engine = EngineFactory.OptionsOf(context.Options);
        var cache = new ContentCache(context.Options.DataDirectory, options.CacheMaxBytes, context.Time);
        return new LoaderServices(
            cache,
            new ContentFetcher(provider.GetRequiredService<IChunkSource>(), cache.TempFolder),
            new ArchiveUnpacker(),
            new RehearsalProcess(options.Rehearsal, engine, NodeProgram.Find(), cache.TempFolder, context.Time)
            {
                Log = provider.GetRequiredService<ILogger<RehearsalProcess>>(),
            },
            new RehearsalStore(EngineFactory.Identity(engine)))
        {
            Runtime = new ModelRuntimeSource(() => EngineFactory.Create(engine, context.Time)),
            Options = options,
            InFlight = provider.GetRequiredService<InFlightRequests>(),
            Local = provider.GetRequiredService<LocalServing>(),
            Gates = new ServingGates(provider.GetRequiredService<IClusterViewSource>(), context.Time),
            Time = context.Time,
            Metrics = context.Metrics,
            FreeDiskBytes = () => FreeDisk.BytesAt(context.Options.DataDirectory),
            MaxReplyBytes = FrameLimit.PayloadBytes(context.Config),
            KeptTimes = MonitoringWindow.Of(provider.GetRequiredService<IClusterSettings>(), context.Config),
        };
    }

    private static Props LoaderProps(LoadModel command, LoaderServices services) =>
        Props.Create(() => new LoaderActor(command, services));

    // The node lives on without an engine: it says why each load fails.
    private static async Task PublishDevicesAsync(LoaderServices services, LocalNode local, ILogger log)
    {
        try
        {
            var runtime = await services.Runtime.GetAsync();
            var devices = runtime.Devices;
            local.SetDevices(
                [.. devices.Select(d => new NodeDevice(d.Name, d.Description, d.MemoryBytes))],
                services.Options.Limits.CapacityOf(devices[0].MemoryBytes));
            if (await DedicatedThread.RunAsync("engine check", () => runtime.Warning) is { } warning)
            {
                log.LogWarning("{Warning}", warning);
            }
        }
        catch (Exception e)
        {
            local.SetDevices([], services.Options.Limits.CapacityOf(null));
            log.LogError(e, "no model can be loaded on this node: {Reason}", e.Message);
        }
    }

    private static async Task<Done> FinishAsync(InFlightRequests inFlight)
    {
        await inFlight.WhenIdleAsync();
        return Done.Instance;
    }
}
