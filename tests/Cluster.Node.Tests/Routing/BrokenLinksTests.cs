using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Routing;
using MlCluster.Tests.Support;

namespace MlCluster.Node.Tests.Routing;

public sealed class BrokenLinksTests
{
    private const string Address = "akka.tcp://mlcluster@ml-1:4053";
    private static readonly ServedOutput Output = new("v", TensorKind.PerDocument, 4);
    private static readonly ServedModel Model = new(
        new ModelId("m"), "TEXT_EMBEDDING", "cpu", "padded", [Output], 9, 512);

    [Fact]
    public void IsGated_AfterABreak_IsTrueUntilTheGateOpens()
    {
        var time = new FakeTimeProvider();
        var links = new BrokenLinks(time, TimeSpan.FromSeconds(3));
        Assert.False(links.IsGated(Address));

        links.Broke(Address);

        Assert.Equal((1, 0), (links.CountOf(Address), links.CountOf("another")));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(links.IsGated(Address));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(links.IsGated(Address));
    }

    [Fact]
    public void Forget_ANodeThatLeft_ChangesTheCountOfWhatIsUnderWay()
    {
        var links = new BrokenLinks(new FakeTimeProvider(), TimeSpan.FromSeconds(3));
        links.Broke(Address);

        links.Forget(Address);

        Assert.Equal((0, false), (links.CountOf(Address), links.IsGated(Address)));
    }

    // What Akka tells of it, and that it mends the connection by itself.
    [Fact]
    public async Task CountOf_ConnectionBreaksBetweenLivingNodes_RisesOnBothSidesAndNobodyDoubtsTheOther()
    {
        var port = RoutingHost.FreePort();
        await using var relay = new TcpRelay(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, port));
        using var first = RoutingHost.Build("first", seed: null);
        await first.StartAsync();
        using var second = RoutingHost.Build("second", RoutingHost.AddressOf(first), port, relay.Port);
        await second.StartAsync();
        await RoutingHost.SeesAsync(first, "both nodes", view => view.Nodes.Count == 2);
        await RoutingHost.SeesAsync(second, "both nodes", view => view.Nodes.Count == 2);
        var (before, beforeOnSecond) = (BreaksOf(first, second), BreaksOf(second, first));

        relay.Break();

        await RoutingHost.UntilAsync("the caller knows of the break", () => BreaksOf(first, second) > before);
        await RoutingHost.UntilAsync("the called one knows of it", () => BreaksOf(second, first) > beforeOnSecond);
        first.Services.GetRequiredService<LocalNode>().SetModels([Model]);
        await RoutingHost.SeesAsync(second, "the model on the first", view => view.ReplicasOf(Model.ModelId).Any());
        Assert.Equal(2, RoutingHost.View(first).Nodes.Count);
        Assert.Empty(RoutingHost.ClusterOf(first).State.Unreachable);
        await second.StopAsync();
        await first.StopAsync();
    }

    private static long BreaksOf(IHost knows, IHost other) =>
        knows.Services.GetRequiredService<BrokenLinks>().CountOf(RoutingHost.AddressOf(other));
}
