using Akka.Configuration;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Predict;

/// <summary>A reply is given exactly once, whenever the answers and the losses of nodes come.</summary>
public sealed class PredictRaceTests : IDisposable
{
    private const int Rounds = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeCluster _cluster = new();
    private readonly OutstandingTokens _outstanding = new();
    private readonly NodeWatch _watch;
    private readonly PredictDispatcher _dispatcher;

    public PredictRaceTests()
    {
        // The tests look themselves.
        var predict = new PredictOptions { MaxGroupTokens = 100, NodeCheckInterval = Timeout.InfiniteTimeSpan };
        var links = new BrokenLinks(TimeProvider.System, TimeSpan.Zero);
        _watch = new NodeWatch(_cluster, links, TimeProvider.System, predict);
        var gateway = new NodeContext(
            new NodeOptions(), new NodeId("gateway"), "gateway", Config.Empty, TimeProvider.System);
        var options = new GatewayOptions { Predict = predict };
        _dispatcher = new PredictDispatcher(
            _cluster, new LocalServing(), _cluster, _outstanding, _watch, options, gateway);
    }

    public void Dispose() => _watch.Dispose();

    [Fact]
    public async Task Predict_AnswerAndLossOfItsNodeAtTheSameMoment_TakesOneOfThem()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var first = new Held();
            var asked = Script(first);
            Serve(Samples.NodeA);
            var prediction = PredictAsync(["a"]);
            await first.IsAsked.WaitAsync(Patience);

            Serve(Samples.NodeB);
            using var both = new Barrier(2);
            await Task.WhenAll(
                Task.Run(() => Together(both, first.Answer)),
                Task.Run(() => Together(both, _watch.Check))).WaitAsync(Patience);

            // The first node's answer, and nobody else was asked; or the second one's, because the first was lost.
            var value = Assert.Single(await prediction.WaitAsync(Patience));
            Assert.Equal(asked(), value);
            AssertNothingIsOutstanding();
        }
    }

    [Fact]
    public async Task Predict_AnswersOfALostNodeComeAfterTheRetries_AreNotTaken()
    {
        Held[] held = [new(), new(), new()];
        var asked = Script(held);
        Serve(Samples.NodeA);
        string[] texts = [.. Enumerable.Range(0, held.Length).Select(_ => new string('x', 400))];
        var prediction = PredictAsync(texts);
        await Task.WhenAll(held.Select(h => h.IsAsked)).WaitAsync(Patience);

        Serve(Samples.NodeB);
        _watch.Check();
        var values = await prediction.WaitAsync(Patience);
        Array.ForEach(held, h => h.Answer());

        Assert.Equal(held.Length, values.Count);
        Assert.All(values, value => Assert.True(value > held.Length, $"answer {value} is one of the lost node"));
        Assert.Equal(2 * held.Length, asked());
        AssertNothingIsOutstanding();
    }

    /// <summary>The first messages wait for the test, later ones are answered at once; each answer is the number of its
    /// message, from 1.</summary>
    /// <returns>How many were sent.</returns>
    private Func<int> Script(params Held[] first)
    {
        var sent = 0;
        _cluster.AnswerLater<PredictRequest>((request, cancelled) =>
        {
            var number = Interlocked.Increment(ref sent);
            object reply = Samples.Reply(request, _ => Samples.Floats("e", number));
            return number <= first.Length ? first[number - 1].WaitAsync(reply, cancelled) : Task.FromResult(reply);
        });
        return () => Volatile.Read(ref sent);
    }

    private void Serve(NodeId node) => _cluster.Publish(Samples.Node(node, Samples.Served));

    private async Task<IReadOnlyList<float>> PredictAsync(string[] texts)
    {
        var replies = await _dispatcher.PredictAsync(
            Samples.Model, new PredictBody(texts), new RequestOrigin("r"), CancellationToken.None);
        return [.. replies.SelectMany(r => r.Documents).Select(d => BitConverter.ToSingle(d.Tensors[0].Data.Span))];
    }

    private static void Together(Barrier both, Action act)
    {
        both.SignalAndWait(Patience);
        act();
    }

    private void AssertNothingIsOutstanding() =>
        Assert.Equal((0, 0), (_outstanding.Of(Samples.NodeA), _outstanding.Of(Samples.NodeB)));

    /// <summary>A message whose answer waits for the test, or until its caller gives up, as the real
    /// client's.</summary>
    private sealed class Held
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsAsked => _asked.Task;

        public void Answer() => _answer.SetResult();

        public async Task<object> WaitAsync(object reply, CancellationToken cancelled)
        {
            _asked.SetResult();
            await _answer.Task.WaitAsync(cancelled);
            return reply;
        }
    }
}
