using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Tests.Routing;

/// <summary>Two nodes in this process with real remoting, membership, distributed data and serializer.</summary>
public sealed class RoutingClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);
    private static readonly ServedModel Model = new(
        new ModelId("m"), "TEXT_EMBEDDING", "cpu", "padded", [new ServedOutput("v", TensorKind.PerDocument, 4)], 9, 512);

    private IHost _first = null!;
    private IHost _second = null!;

    public async Task InitializeAsync()
    {
        _first = Build("first", seed: null);
        await _first.StartAsync();
        var seed = Akka.Cluster.Cluster.Get(_first.Services.GetRequiredService<ActorSystem>()).SelfAddress.ToString();
        _second = Build("second", seed);
        await _second.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _second.StopAsync();
        await _first.StopAsync();
        _second.Dispose();
        _first.Dispose();
    }

    [Fact]
    public async Task View_NodePublishesAndLeaves_IsFollowedByTheOther()
    {
        await SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);
        await SeesAsync(_second, "both nodes", view => view.Nodes.Count == 2);
        Assert.Equal("first", View(_second).Supervisor!.Value.Value);

        var local = _second.Services.GetRequiredService<LocalNode>();
        local.SetModels([Model]);
        Assert.Single(View(_second).ReplicasOf(Model.ModelId));
        await SeesAsync(_first, "the model on the second node", view => view.ReplicasOf(Model.ModelId).Any());
        Assert.Equivalent(Model, View(_first).ReplicasOf(Model.ModelId).Single().Model);

        await _second.StopAsync();
        await SeesAsync(_first, "itself alone", view => view.Nodes.Count == 1);
        Assert.Empty(View(_first).ReplicasOf(Model.ModelId));
    }

    [Fact]
    public async Task View_ProcessEnds_IsDroppedLongBeforeTheFailureDetectorSpeaks()
    {
        await SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);

        await _second.Services.GetRequiredService<ActorSystem>().Terminate();

        await SeesAsync(_first, "itself alone", view => view.Nodes.Count == 1);
        var cluster = Akka.Cluster.Cluster.Get(_first.Services.GetRequiredService<ActorSystem>());
        Assert.Equal(2, cluster.State.Members.Count);
        Assert.Empty(cluster.State.Unreachable);
    }

    private static ClusterView View(IHost host) => host.Services.GetRequiredService<IClusterViewSource>().Current;

    private static async Task SeesAsync(IHost host, string what, Func<ClusterView, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition(View(host)))
        {
            Assert.False(deadline.IsCancellationRequested, $"routing: the node does not see {what}");
            await poll.WaitForNextTickAsync();
        }
    }

    private static IHost Build(string id, string? seed)
    {
        var config = ConfigurationFactory.ParseString("""
            mlcluster.routing {
              withdraw-timeout = 2s
              probe-timeout = 5s
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
            akka.actor.serialization-settings.allow-unregistered-types = false
            """);
        var context = new NodeContext(new NodeOptions(), new NodeId(id), id, config, TimeProvider.System);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingServices(context);
        builder.Services.AddAkka("mlcluster", akka => akka
            .AddHocon(config, HoconAddMode.Prepend)
            .WithRemoting("127.0.0.1", 0)
            .WithClustering(new ClusterOptions { Roles = ["data"], SeedNodes = seed is null ? [] : [seed] })
            .WithCustomSerializer(
                "mlcluster", [typeof(IClusterProtocol)], system => new ClusterProtocolSerializer(system))
            .AddRouting(context)
            .AddStartup((system, _) => JoinItself(system, seed)));
        return builder.Build();
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
