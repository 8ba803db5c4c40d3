using Akka.Actor;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>Loads that fail and models that leave service by a fault.</summary>
public sealed class HostFailureTests : HostKit
{
    [Fact]
    public void LoadFailed_MayPass_IsTriedThreeTimesMoreAndThenGivenUp()
    {
        Host.Tell(TestModels.Load());
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Fail(NextLoader(), "journal busy", mayPass: true);
        }

        ExpectReport(NodeDeploymentStatus.Loading);
        Assert.Equal("journal busy", ExpectReport(NodeDeploymentStatus.Failed).Error);
    }

    [Fact]
    public void LoadFailed_RehearsalTimesOutTwice_IsGivenUp()
    {
        Host.Tell(TestModels.Load());
        Fail(NextLoader(), "it ran longer than 60 s", mayPass: true, timedOut: true);
        Fail(NextLoader(), "journal busy", mayPass: true);
        Fail(NextLoader(), "it ran longer than 60 s again", mayPass: true, timedOut: true);

        ExpectReport(NodeDeploymentStatus.Loading);
        Assert.Equal("it ran longer than 60 s again", ExpectReport(NodeDeploymentStatus.Failed).Error);
    }

    [Fact]
    public void LoadFailed_Refusal_IsGivenUpAtOnce()
    {
        Fail(Load(TestModels.Load()), "model content changed", mayPass: false);

        ExpectReport(NodeDeploymentStatus.Loading);
        Assert.Equal("model content changed", ExpectReport(NodeDeploymentStatus.Failed).Error);
        Assert.Equal(ModelStage.Failed, StageOf(Id));
    }

    [Fact]
    public void LoaderCrash_CountsAsAFailedAttempt()
    {
        Load(TestModels.Load()).Tell(new PuppetLoader.Crash());

        Assert.Equal(Id, Loaders.ExpectMsg<PuppetLoader.Started>().Command.ModelId);
    }

    [Fact]
    public void LoaderCrash_WhileServing_LeavesRoutingUntilItServesAgain()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        loader.Tell(new PuppetLoader.Crash());

        Models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Loading, Patience.Deadline);
        Assert.Empty(Local.Current!.Models);
        Host.Tell(new GetNodeProfile([Id]), TestActor);
        Assert.Null(Assert.Single(ExpectMsg<NodeProfileReply>().Models).Serving);
        Serve(NextLoader());
        Models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Loaded, Patience.Deadline);
        Assert.Equal([Entry], Local.Current!.Models);
    }

    [Fact]
    public void ServiceLost_LeavesRoutingAndIsNotLoadedAgain()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        loader.Tell(new ServiceLost(Id, "a forward ran longer than 30 s"));

        var report = Models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Assert.Equal("a forward ran longer than 30 s", report.Error);
        Assert.Empty(Local.Current!.Models);
        Assert.Contains("model-1", Assert.Single(Health.Reasons), StringComparison.Ordinal);
        Assert.Equal(ModelStage.Failed, StageOf(Id));
    }

    [Fact]
    public void ServiceLost_LogSaysWhoseModelAndWhatHappensNext()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);

        EventFilter
            .Error("model model-1, task task-1, node node-1: a forward ran longer than 30 s; it is loaded again when "
                + "it is deployed again, other models are served on, and the node wants a restart")
            .ExpectOne(Patience.Deadline, () => loader.Tell(new ServiceLost(Id, "a forward ran longer than 30 s")));
    }
}
