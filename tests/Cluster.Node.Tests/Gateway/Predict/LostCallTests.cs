using System.Collections.Frozen;
using Akka.Configuration;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Predict;

/// <summary>A call that went on elsewhere is withdrawn on its first node, which may live and work on it.</summary>
public sealed class LostCallTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Gate = TimeSpan.FromSeconds(2);
    private readonly FakeCluster _cluster = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly BrokenLinks _links;
    private readonly NodeWatch _watch;
    private readonly PredictDispatcher _dispatcher;

    public LostCallTests()
    {
        var predict = new PredictOptions { NodeCheckInterval = Timeout.InfiniteTimeSpan };
        _links = new BrokenLinks(_clock, Gate);
        _watch = new NodeWatch(_cluster, _links, _clock, predict);
        var gateway = new NodeContext(new NodeOptions(), new NodeId("gateway"), "gateway", Config.Empty, _clock);
        _dispatcher = new PredictDispatcher(
            _cluster,
            new LocalServing(),
            _cluster,
            new OutstandingTokens(),
            _watch,
            new GatewayOptions { Predict = predict },
            gateway);
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task Predict_ConnectionBrokeAndNodeLives_WithdrawsTheLostCallOnceItIsHeard()
    {
        var address = Samples.Node(Samples.NodeA, Samples.Served).Address;
        var (lost, retry) = await LoseFirstCallAsync(() => _links.Broke(address));

        _clock.Advance(Gate - TimeSpan.FromMilliseconds(1));
        Assert.False(_cluster.HasTold);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        var (path, message) = await _cluster.FirstToldAsync();
        Assert.StartsWith(address, path, StringComparison.Ordinal);
        Assert.Equal(new CancelPredict(Samples.Model, lost.RequestId, lost.Call), message);
        Assert.Equal(lost.RequestId, retry.RequestId);
        Assert.NotEqual(lost.Call, retry.Call);
    }

    [Fact]
    public async Task Predict_NodeCannotBeReached_WithdrawsTheLostCallAtOnce()
    {
        var (lost, _) = await LoseFirstCallAsync(() => _cluster.Current =
            new ClusterView(_cluster.Current.Nodes.Where(n => n.Key != Samples.NodeA).ToDictionary(), null)
            {
                UnreachableMlNodes = FrozenSet.Create(Samples.NodeA),
            });

        Assert.Equal(
            new CancelPredict(Samples.Model, lost.RequestId, lost.Call), (await _cluster.FirstToldAsync()).Message);
    }

    [Fact]
    public async Task Predict_NodeHasLeft_IsToldNothing()
    {
        await LoseFirstCallAsync(() => _cluster.Publish(Samples.Node(Samples.NodeB, Samples.Served)));

        Assert.False(_cluster.HasTold);
    }

    /// <summary>Asks node A, which does not answer, then loses the call: node B answers it.</summary>
    private async Task<(PredictRequest Lost, PredictRequest Retry)> LoseFirstCallAsync(Action lose)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.AnswerLater<PredictRequest>(async (request, cancelled) =>
        {
            if (asked.TrySetResult())
            {
                await Task.Delay(Timeout.Infinite, cancelled);
            }

            return Samples.Reply(request, _ => Samples.Floats("e", 1));
        });
        _cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        var prediction = _dispatcher.PredictAsync(
            Samples.Model, new PredictBody(["a"]), new RequestOrigin("r"), CancellationToken.None);
        await asked.Task.WaitAsync(Patience);

        _cluster.Publish(
            Samples.Node(Samples.NodeA, Samples.Served), Samples.Node(Samples.NodeB, Samples.Served));
        lose();
        _watch.Check();
        await prediction.WaitAsync(Patience);
        var requests = _cluster.Asked.OfType<PredictRequest>().ToList();
        return (requests[0], requests[1]);
    }
}
