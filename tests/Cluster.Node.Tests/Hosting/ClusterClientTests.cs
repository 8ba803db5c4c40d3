using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Node.Data;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class ClusterClientTests : TestKit
{
    private static readonly GetModel Command = new(new ModelId("m"));
    private static readonly ModelAccepted Reply = new(new ModelId("m"));
    private static readonly ModelRejected Unavailable =
        new(new ModelId("m"), new ProtocolError(ErrorCode.Unavailable, "the journal could not be read"));

    private readonly TestProbe _region;
    private readonly TestProbe _groups;
    private readonly ClusterClient _client;

    public ClusterClientTests()
    {
        _region = CreateTestProbe();
        var registry = ActorRegistry.For(Sys);
        registry.Register<ModelRegion>(_region);
        _groups = CreateTestProbe();
        registry.Register<ModelGroupRegion>(_groups);
        var options = new ClusterClientOptions(
            AttemptTimeout: TimeSpan.FromMilliseconds(100),
            Budget: TimeSpan.FromMilliseconds(400),
            UnavailableBudget: TimeSpan.FromMilliseconds(200),
            RetryDelay: TimeSpan.FromMilliseconds(1));
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

        Assert.Matches(
            @"^no data node answered GetModel for model m within 0\.4 s \([1-5] attempts\); send the request again "
            + @"later\. GET /_cluster/health tells ",
            e.Message);
    }

    [Fact]
    public async Task AskModelAsync_JournalFailsAndComesBack_AnswersWithoutTheFault()
    {
        var answer = _client.AskModelAsync<IModelReply>(Command, CancellationToken.None);

        await _region.ExpectMsgAsync(Command);
        _region.Reply(Unavailable);
        await _region.ExpectMsgAsync(Command);
        _region.Reply(Reply);

        Assert.Equal(Reply, await answer);
    }

    [Fact]
    public async Task AskModelAsync_JournalFailsOnAndOn_AnswersWithItsReason()
    {
        _region.SetAutoPilot(new DelegateAutoPilot((sender, _) =>
        {
            sender.Tell(Unavailable, ActorRefs.NoSender);
            return AutoPilot.KeepRunning;
        }));

        Assert.Equal(Unavailable, await _client.AskModelAsync<IModelReply>(Command, CancellationToken.None));
        await _region.ExpectMsgAsync(Command);
        await _region.ExpectMsgAsync(Command);
    }

    [Fact]
    public async Task AskModelAsync_Refused_IsNotAskedAgain()
    {
        var refused = new ModelRejected(new ModelId("m"), new ProtocolError(ErrorCode.NotFound, "no such model"));
        var answer = _client.AskModelAsync<IModelReply>(Command, CancellationToken.None);

        await _region.ExpectMsgAsync(Command);
        _region.Reply(refused);

        Assert.Equal(refused, await answer);
        await _region.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
    }

    public static TheoryData<IModelGroupMessage, IModelGroupMessage, IModelGroupMessage> GroupMessages
    {
        get
        {
            var (group, claim) = (new ModelGroupId("g"), new CommandId("c"));
            var fault = new ProtocolError(ErrorCode.Unavailable, "the journal could not be read");
            return new()
            {
                { new GetModelGroup(group), new ModelGroupRejected(group, fault), new ModelGroupAccepted(group) },
                {
                    new ClaimGroupName("n", group, claim, null),
                    new GroupNameRejected("n", fault),
                    new GroupNameHolder("n", group, claim, 0)
                },
            };
        }
    }

    [Theory]
    [MemberData(nameof(GroupMessages))]
    public async Task AskModelGroupAsync_JournalFailsAndComesBack_AnswersWithoutTheFault(
        IModelGroupMessage command, IModelGroupMessage unavailable, IModelGroupMessage reply)
    {
        var answer = _client.AskModelGroupAsync<IModelGroupMessage>(command, CancellationToken.None);

        await _groups.ExpectMsgAsync(command);
        _groups.Reply(unavailable);
        await _groups.ExpectMsgAsync(command);
        _groups.Reply(reply);

        Assert.Equal(reply, await answer);
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
