using Akka.Hosting;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class ClusterClientTests : TestKit
{
    private static readonly GetModel Command = new(new ModelId("m"));
    private static readonly ModelAccepted Reply = new(new ModelId("m"));

    private readonly TestProbe _region;
    private readonly ClusterClient _client;

    public ClusterClientTests()
    {
        _region = CreateTestProbe();
        var registry = ActorRegistry.For(Sys);
        registry.Register<ModelRegion>(_region);
        var options = new ClusterClientOptions(
            TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1));
        _client = new ClusterClient(Sys, registry, options, TimeProvider.System);
    }

    [Fact]
    public async Task AskModelAsync_FirstAttemptLost_SendsTheSameCommandAgain()
    {
        var answer = _client.AskModelAsync<ModelAccepted>(Command, CancellationToken.None);

        await _region.ExpectMsgAsync(Command);
        await _region.ExpectMsgAsync(Command);
        _region.Reply(Reply);

        Assert.Equal(Reply, await answer);
    }

    [Fact]
    public async Task AskModelAsync_NoAnswerWithinTheBudget_IsUnavailable()
    {
        var e = await Assert.ThrowsAsync<ClusterUnavailableException>(
            () => _client.AskModelAsync<ModelAccepted>(Command, CancellationToken.None));

        Assert.Equal("whoever answers GetModel could not be reached within 0.4 s; retry later", e.Message);
    }

    [Fact]
    public async Task AskPathAsync_NobodyThere_IsUnavailable() =>
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => _client.AskPathAsync<ModelAccepted>(
            "/user/nobody", Command, TimeSpan.FromMilliseconds(50), CancellationToken.None));

    [Fact]
    public async Task AskModelAsync_CallerGone_IsCancelled()
    {
        using var gone = new CancellationTokenSource();
        var answer = _client.AskModelAsync<ModelAccepted>(Command, gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }
}
