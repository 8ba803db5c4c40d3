using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using MlCluster.Messages;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Data;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting.Formation;
using MlCluster.Node.Hosting.Tls;
using MlCluster.Node.Ml;
using MlCluster.Node.Routing;
using MlCluster.Node.Settings;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Hosting;

/// <summary>One actor system a process: remoting, cluster, strict serialization, then the roles.</summary>
internal static class AkkaSetup
{
    /// <summary>Part of every address; frozen.</summary>
    public const string SystemName = "mlcluster";

    public static IServiceCollection AddCluster(this IServiceCollection services, NodeContext context)
    {
        services.AddSingleton(ClusterClientOptions.FromConfig(context.Config));
        services.AddSingleton<IClusterClient, ClusterClient>();
        return services.AddAkka(SystemName, builder => Configure(builder, context));
    }

    private static void Configure(AkkaConfigurationBuilder builder, NodeContext context)
    {
        var options = context.Options;
        var scheme = TlsSetup.Scheme(context.Tls);
        TlsSetup.AddTransport(builder, context);
        builder
            .AddHocon(context.Config, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLogger<ActorLogger>())
            .WithRemoting(remote =>
            {
                remote.HostName = options.BoundHost;
                remote.PublicHostName = options.AnnouncedHost;
                remote.Port = options.Port;
                TlsSetup.Apply(remote, context);
            })
            .WithClustering(new ClusterOptions
            {
                Roles = [.. options.Roles],
                SeedNodes = FormationSetup.MayForm(options)
                    ? []
                    : [.. options.Seeds.Select(s => $"{scheme}://{SystemName}@{s}")],
            })
            .WithCustomSerializer(
                "mlcluster", [typeof(IClusterProtocol)], system => new ClusterProtocolSerializer(system))
            .AddStartup((system, _) => JoinSelfWithoutSeeds(system, options))
            .AddStatistics(context)
            .AddRouting(context)
            .AddSettings();
        AddRoles(builder, context);
    }

    private static void AddRoles(AkkaConfigurationBuilder builder, NodeContext context)
    {
        if (context.Options.HasRole(NodeRole.Data))
        {
            builder.AddDataRole(context);
        }
        else
        {
            builder.AddDataProxies(context);
        }

        if (context.Options.HasRole(NodeRole.Ml))
        {
            builder.AddMlRole(context);
        }
    }

    private static void JoinSelfWithoutSeeds(Akka.Actor.ActorSystem system, NodeOptions options)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (options.Seeds.Count == 0)
        {
            cluster.Join(cluster.SelfAddress);
        }
    }
}
