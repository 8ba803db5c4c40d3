using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>How models go, and what comes too late.</summary>
public sealed class HostUnloadTests : HostKit
{
    [Fact]
    public void UnloadModel_ServedModel_LeavesRoutingFirstAndAnswersWhenGone()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        Host.Tell(new UnloadModel(Id, 2), TestActor);

        Loaders.ExpectMsg<StopLoader>();
        Assert.Empty(Local.Current!.Models);
        Assert.Equal(ModelStage.Draining, StageOf(Id));
        Assert.False(HasMessages);
        loader.Tell(new LoaderStopped(Id));
        Assert.Equal(new ModelUnloaded(Id, TestModels.Node, 2, WasLoaded: true), ExpectMsg<ModelUnloaded>());
    }

    [Fact]
    public void UnloadModel_UnknownModel_SaysSoAtOnce()
    {
        Host.Tell(new UnloadModel(Id, 2), TestActor);

        Assert.False(ExpectMsg<ModelUnloaded>().WasLoaded);
    }

    [Fact]
    public void LoadModel_OlderThanTheUnload_ChangesNothing()
    {
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        ExpectMsg<ModelUnloaded>();

        Host.Tell(TestModels.Load(plan: 1));

        Assert.Null(StageOf(Id));
    }

    [Fact]
    public void LoadModel_WhileDraining_StartsWhenTheOldOneIsGone()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        Loaders.ExpectMsg<StopLoader>();

        Host.Tell(TestModels.Load(plan: 3));
        Assert.Equal(ModelStage.Draining, StageOf(Id));
        loader.Tell(new LoaderStopped(Id));

        Assert.Equal(3, Loaders.ExpectMsg<PuppetLoader.Started>().Command.PlanVersion);
    }

    // The owner tells it again while the load that followed it waits.
    [Fact]
    public void UnloadModel_RepeatedAfterANewerLoad_LeavesThatLoad()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        Loaders.ExpectMsg<StopLoader>();
        Host.Tell(TestModels.Load(plan: 3));

        Host.Tell(new UnloadModel(Id, 2), TestActor);
        loader.Tell(new LoaderStopped(Id));

        Loaders.FishForMessage<PuppetLoader.Started>(s => s.Command.PlanVersion == 3, Patience.Deadline);
    }
}
