using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>How loads begin, wait and come into service.</summary>
public sealed class HostLoadTests : HostKit
{
    [Fact]
    public void LoadModel_ModelServes_IsRoutedBeforeItIsReported()
    {
        var loader = Load(TestModels.Load());
        ExpectReport(NodeDeploymentStatus.Loading);

        Serve(loader);

        ExpectReport(NodeDeploymentStatus.Loaded);
        Assert.Equal([Entry], Local.Current!.Models);
    }

    [Fact]
    public void LoadModel_Repeated_LoadsOnceAndReportsAgain()
    {
        var loader = Load(TestModels.Load());
        ExpectReport(NodeDeploymentStatus.Loading);
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loaded);

        Host.Tell(TestModels.Load(plan: 2));

        var report = Models.FishForMessage<ReportNodeDeployment>(r => r.PlanVersion == 2, Patience.Deadline);
        Assert.Equal(NodeDeploymentStatus.Loaded, report.Status);
        Assert.Equal(ModelStage.Serving, StageOf(Id));
    }

    [Fact]
    public void LoadModel_MoreThanMayLoadAtOnce_WaitsForItsTurn()
    {
        var first = Load(TestModels.Load());
        Host.Tell(TestModels.Load(Other));
        Assert.Equal(ModelStage.Queued, StageOf(Other));

        Serve(first);

        Assert.Equal(Other, Loaders.ExpectMsg<PuppetLoader.Started>().Command.ModelId);
    }

    [Fact]
    public void LoadModel_NodeIsLeaving_IsNotBegun()
    {
        Local.BeginDraining();

        Host.Tell(TestModels.Load());

        Assert.Null(StageOf(Id));
    }

    [Fact]
    public void LoadModel_AfterAFailureByANewerPlan_IsTriedAgain()
    {
        Fail(Load(TestModels.Load()), "broken", mayPass: false);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Failed);

        Host.Tell(TestModels.Load(plan: 2));

        Assert.Equal(2, Loaders.ExpectMsg<PuppetLoader.Started>().Command.PlanVersion);
    }

    [Fact]
    public void ServiceBegan_CacheCannotBeTrimmed_IsServedAllTheSame()
    {
        TrimCache = () => throw new IOException("no such file");

        Serve(Load(TestModels.Load()));

        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);
        Assert.Equal(ModelStage.Serving, StageOf(Id));
    }

    [Fact]
    public void Restart_AfterAFaultOfItsOwn_NoLongerSaysThatItServes()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        LoadersFault = true;
        Host.Tell(TestModels.Load(Other));

        AwaitAssert(() => Assert.Empty(Local.Current!.Models));
    }

    [Fact]
    public void LoadModel_DiskCannotBeRead_IsTriedAllTheSameAndTheOthersServeOn()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);
        FreeDisk = -1;

        Host.Tell(TestModels.Load(Other));

        Assert.Equal(Other, Loaders.ExpectMsg<PuppetLoader.Started>().Command.ModelId);
        Assert.Equal([Entry], Local.Current!.Models);
    }

    [Fact]
    public void LoadModel_DiskIsSlow_TheHostGoesOnMeanwhile()
    {
        using var answer = new ManualResetEventSlim();
        WhileDiskIsRead = () => Assert.True(answer.Wait(Patience.Deadline), "the test did not go on");
        Host.Tell(TestModels.Load());

        Assert.Equal(ModelStage.Queued, StageOf(Id));
        Assert.False(Models.HasMessages, "nothing is said before it is known whether there is room");
        answer.Set();

        NextLoader();
        ExpectReport(NodeDeploymentStatus.Loading);
    }

    [Fact]
    public void UnloadModel_WhileTheDiskIsRead_IsGoneAndStaysSo()
    {
        using var answer = new ManualResetEventSlim();
        WhileDiskIsRead = () => Assert.True(answer.Wait(Patience.Deadline), "the test did not go on");
        Host.Tell(TestModels.Load());
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        ExpectMsg<ModelUnloaded>();

        WhileDiskIsRead = () => { };
        answer.Set();

        // Asked about after the first answer, answered after it as well.
        Load(TestModels.Load(Other));
        Assert.Null(StageOf(Id));
        Assert.False(Loaders.HasMessages);
    }
}
