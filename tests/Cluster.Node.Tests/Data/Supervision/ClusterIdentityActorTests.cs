using Akka.Actor;
using Akka.TestKit.Xunit2;
using MlCluster.Messages.Deployments;
using MlCluster.Node.Data.Supervision;

namespace MlCluster.Node.Tests.Data.Supervision;

public sealed class ClusterIdentityActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Start_AgainAndAgain_TellsTheSameUuid()
    {
        var first = await StartAsync();
        var second = await StartAsync();

        Assert.Equal(22, first.Uuid.Length);
        Assert.Equal(first, second);
    }

    private async Task<ClusterNamed> StartAsync()
    {
        var actor = await ChildActorOfAsync(ClusterIdentityActor.Props(TimeProvider.System));
        var named = await ExpectMsgAsync<ClusterNamed>(Patience, "the identity actor tells the cluster's id");
        await WatchAsync(actor);
        actor.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(actor, Patience, "the identity actor ends");
        return named;
    }
}
