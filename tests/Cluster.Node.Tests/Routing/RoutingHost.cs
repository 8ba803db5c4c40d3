using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlCluster.Messages;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Tests.Routing;

/// <summary>A node in this process with real remoting, membership, distributed data and serializer.</summary>
internal static class RoutingHost
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    /// <param name="id">Its id and name.</param>
    /// <param name="seed">Address of another one; null: it founds the cluster.</param>
    /// <param name="port">Where it listens; 0: any.</param>
    /// <param name="announced">Port where others are to call it; null: the same.</param>
    /// <param name="log">Hears what it logs, as a process logs it; null: nobody.</param>
    public static IHost Build(
        string id, string? seed, int port = 0, int? announced = null, ILoggerProvider? log = null)
    {
        var config = ConfigurationFactory.ParseString("""
            mlcluster.routing {
              withdraw-timeout = 2s
              probe-timeout = 5s
              probe-again-after = 100ms
              forget-ended-after = 60s
            }
            # Longer than these tests wait.
            akka.cluster.failure-detector.acceptable-heartbeat-pause = 60s
            # The end of the system without one of the host stands for a crash.
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            akka.cluster.distributed-data {
              gossip-interval = 100ms
              notify-subscribers-interval = 50ms
              durable.keys = []
            }
            akka.remote.use-passive-connections = off
            akka.actor.serialization-settings.allow-unregistered-types = false
            """);
        var context = new NodeContext(new NodeOptions(), new NodeId(id), id, config, TimeProvider.System);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Services.AddRoutingServices(context);
        builder.Services.AddAkka("mlcluster", akka => akka
            .AddHocon(config, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers => Hear(loggers, log))
            .WithRemoting(remote =>
            {
                remote.HostName = remote.PublicHostName = IPAddress.Loopback.ToString();
                remote.Port = port;
                remote.PublicPort = announced;
            })
            .WithClustering(new ClusterOptions { Roles = ["data"], SeedNodes = seed is null ? [] : [seed] })
            .WithCustomSerializer(
                "mlcluster", [typeof(IClusterProtocol)], system => new ClusterProtocolSerializer(system))
            .AddRouting(context)
            .AddStartup((system, _) => JoinItself(system, seed)));
        return builder.Build();
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static string AddressOf(IHost host) => ClusterOf(host).SelfAddress.ToString();

    public static Akka.Cluster.Cluster ClusterOf(IHost host) =>
        Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>());

    public static ClusterView View(IHost host) => host.Services.GetRequiredService<IClusterViewSource>().Current;

    public static Task SeesAsync(IHost host, string what, Func<ClusterView, bool> condition) =>
        UntilAsync($"the node sees {what}", () => condition(View(host)));

    public static async Task UntilAsync(string awaited, Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"routing, awaited: {awaited}");
            await poll.WaitForNextTickAsync();
        }
    }

    private static void Hear(LoggerConfigBuilder loggers, ILoggerProvider? log)
    {
        if (log is not null)
        {
            loggers.ClearLoggers().AddLogger<ActorLogger>();
        }
    }

    private static void JoinItself(ActorSystem system, string? seed)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        if (seed is null)
        {
            cluster.Join(cluster.SelfAddress);
        }
    }
}
