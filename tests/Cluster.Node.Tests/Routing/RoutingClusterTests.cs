using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Tests.Routing;

/// <summary>Two nodes in this process with real remoting, membership, distributed data and serializer.</summary>
public sealed class RoutingClusterTests : IAsyncLifetime
{
    private static readonly ServedModel Model = new(
        new ModelId("m"), "TEXT_EMBEDDING", "cpu", "padded", [new ServedOutput("v", TensorKind.PerDocument, 4)], 9, 512);

    private IHost _first = null!;
    private IHost _second = null!;

    public async Task InitializeAsync()
    {
        _first = RoutingHost.Build("first", seed: null);
        await _first.StartAsync();
        _second = RoutingHost.Build("second", RoutingHost.AddressOf(_first));
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
        await RoutingHost.SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);
        await RoutingHost.SeesAsync(_second, "both nodes", view => view.Nodes.Count == 2);
        Assert.Equal("first", RoutingHost.View(_second).Supervisor!.Value.Value);

        var local = _second.Services.GetRequiredService<LocalNode>();
        local.SetModels([Model]);
        Assert.Single(RoutingHost.View(_second).ReplicasOf(Model.ModelId));
        await RoutingHost.SeesAsync(
            _first, "the model on the second node", view => view.ReplicasOf(Model.ModelId).Any());
        Assert.Equivalent(Model, RoutingHost.View(_first).ReplicasOf(Model.ModelId).Single().Model);

        await _second.StopAsync();
        await RoutingHost.SeesAsync(_first, "itself alone", view => view.Nodes.Count == 1);
        Assert.Empty(RoutingHost.View(_first).ReplicasOf(Model.ModelId));
    }

    [Fact]
    public async Task View_ProcessEnds_IsDroppedLongBeforeTheFailureDetectorSpeaks()
    {
        await RoutingHost.SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);

        await _second.Services.GetRequiredService<ActorSystem>().Terminate();

        await RoutingHost.SeesAsync(_first, "itself alone", view => view.Nodes.Count == 1);
        var cluster = Akka.Cluster.Cluster.Get(_first.Services.GetRequiredService<ActorSystem>());
        Assert.Equal(2, cluster.State.Members.Count);
        Assert.Empty(cluster.State.Unreachable);
    }

    [Fact]
    public async Task Words_NodeComesBackUnderItsAddress_AreThoseOfTheNewProcessAlone()
    {
        await RoutingHost.SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);
        var (own, ended) = (KeyOf(_first), KeyOf(_second));
        await AwaitKeysAsync("of both nodes", own, ended);
        var port = RoutingHost.ClusterOf(_second).SelfAddress.Port!.Value;
        await _second.Services.GetRequiredService<ActorSystem>().Terminate();

        using var next = RoutingHost.Build("second", RoutingHost.AddressOf(_first), port);
        await next.StartAsync();

        var incarnation = RoutingHost.ClusterOf(next).SelfUniqueAddress.Uid;
        await RoutingHost.SeesAsync(
            _first, "the new process", view => view.Nodes.Values.Any(n => n.Incarnation == incarnation));
        await RoutingHost.SeesAsync(next, "both nodes", view => view.Nodes.Count == 2);
        await AwaitKeysAsync("of the living", own, KeyOf(next));

        await next.StopAsync();
        await AwaitKeysAsync("of the one that stays", own);
    }

    [Fact]
    public async Task View_RemotingSendsAProcessNothingAnyMore_IsDropped()
    {
        await RoutingHost.SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);
        var second = RoutingHost.ClusterOf(_second).SelfUniqueAddress;

        _first.Services.GetRequiredService<ActorSystem>().EventStream
            .Publish(new QuarantinedEvent(second.Address, second.Uid));

        await RoutingHost.SeesAsync(_first, "itself alone", view => view.Nodes.Count == 1);
    }

    // One that wakes from a pause has heard nobody, and says so of all.
    [Fact]
    public async Task View_AnotherCallsANodeUnreachableThatIsHeardHere_KeepsIt()
    {
        await RoutingHost.SeesAsync(_first, "both nodes", view => view.Nodes.Count == 2);
        var cluster = RoutingHost.ClusterOf(_first);
        var second = cluster.State.Members.Single(m => m.Address != cluster.SelfAddress);
        await RoutingHost.SeesAsync(
            _first, "heartbeats of the second node", _ => cluster.FailureDetector.IsMonitoring(second.Address));
        var routing = await _first.Services.GetRequiredService<ActorSystem>()
            .ActorSelection($"/user/{RoutingSubscriber.Name}").ResolveOne(TimeSpan.FromSeconds(40));

        routing.Tell(new ClusterEvent.UnreachableMember(second));
        await routing.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(40));

        Assert.Equal(2, RoutingHost.View(_first).Nodes.Count);
    }

    private static string KeyOf(IHost host)
    {
        var self = RoutingHost.ClusterOf(host).SelfUniqueAddress;
        return NodePublisher.KeyOf(ClusterMember.KeyOf(self.Address.ToString(), self.Uid)).Id;
    }

    /// <summary>Waits until the first node's distributed data has the words of these nodes and of no other.</summary>
    private async Task AwaitKeysAsync(string what, params string[] keys)
    {
        var data = DistributedData.Get(_first.Services.GetRequiredService<ActorSystem>());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await data.GetKeysAsync(deadline.Token)).SetEquals(keys))
        {
            Assert.False(deadline.IsCancellationRequested, $"words {what} are not all and alone");
            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }
}
