using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>Loads that the node has no room for.</summary>
public sealed class HostRoomTests : HostKit
{
    [Fact]
    public void LoadModel_NodeIsFull_IsRefused()
    {
        Serve(Load(TestModels.Load()));
        Serve(Load(TestModels.Load(Other)), Other);

        Host.Tell(TestModels.Load(new ModelId("model-3")));

        var report = Models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Assert.StartsWith("Exceed max local model per node limit", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadModel_DiskBelowThreshold_IsRefusedAndPredictionsGoOn()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);
        Host.Tell(new NodeReportAcknowledged(Id, TestModels.Node, 1, NodeDeploymentStatus.Loaded));
        FreeDisk = 999;

        Host.Tell(TestModels.Load(Other));

        var report = Models.FishForMessage<ReportNodeDeployment>(r => r.ModelId == Other, Patience.Deadline);
        Assert.Contains("999 bytes are free", report.Error, StringComparison.Ordinal);
        Host.Tell(Predict(Id), TestActor);
        Loaders.ExpectMsg<PredictRequest>();
    }

    [Fact]
    public void LoadModel_DiskIsFullOfContentThatNobodyUses_MakesRoomAndLoads()
    {
        IsCached = false;
        FreeDisk = 1000;
        MakeRoom = missing => FreeDisk = 1000 + missing;

        Load(TestModels.Load(archive: [1, 2, 3]));

        ExpectReport(NodeDeploymentStatus.Loading);
    }

    [Fact]
    public void LoadModel_WhileAnotherTakesTheDisk_IsRefusedUntilThatIsDone()
    {
        IsCached = false;
        FreeDisk = 1000 + 9 + 3;
        var loader = Load(TestModels.Load(archive: [1, 2, 3]));

        Host.Tell(TestModels.Load(Other, archive: [4, 5]));
        var refused = Models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Assert.True(refused.NoRoom, "the disk is free again when the other load is done");

        Serve(loader);
        Models.FishForMessage<ReportNodeDeployment>(r => r.Status == NodeDeploymentStatus.Loaded, Patience.Deadline);
        Host.Tell(TestModels.Load(Other, plan: 2, archive: [4, 5]));
        NextLoader();
        Assert.Equal(ModelStage.Fetching, StageOf(Other));
    }

    [Fact]
    public void LoadModel_AfterARestartWithTheContentOnDisk_NeedsNoSpace()
    {
        FreeDisk = 0;

        Load(TestModels.Load() with { TaskId = null });

        ExpectReport(NodeDeploymentStatus.Loading);
    }

    // Each fits alone. The second is refused though nothing is served yet.
    [Fact]
    public void LoadModel_TwoThatTogetherExceedTheMemory_OnlyTheFirstIsLoaded()
    {
        var need = TestModels.Options.Limits.Placement.MemoryNeeded(TestModels.Load().SizeBytes);
        Local.SetDevices([], new NodeCapacity(2, (2 * need) - 1));
        Load(TestModels.Load());

        Host.Tell(TestModels.Load(Other));

        var report = Models.FishForMessage<ReportNodeDeployment>(r => r.ModelId == Other, Patience.Deadline);
        Assert.Equal((NodeDeploymentStatus.Failed, true), (report.Status, report.NoRoom));
        Assert.Contains("has no memory for the model", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ContentMeasured_RoomForIt_LetsTheLoaderGoOn()
    {
        Load(TestModels.Load()).Tell(new ContentMeasured(Id, new ContentSize(100, 200), FreeDiskBytes: 10_000));

        Loaders.ExpectMsg<ContentAdmitted>();
    }

    [Fact]
    public void ContentMeasured_UnpackedIsMoreThanTheDiskHas_IsRefusedAndReported()
    {
        var loader = Load(TestModels.Load());
        ExpectReport(NodeDeploymentStatus.Loading);

        loader.Tell(new ContentMeasured(Id, new ContentSize(5_000, 5_000), FreeDiskBytes: 10_000));

        var refusal = Loaders.ExpectMsg<ContentRefused>().Refusal;
        Assert.Contains("10000 more are needed", refusal.Reason, StringComparison.Ordinal);
        loader.Tell(new LoadFailed(Id, refusal.Reason, MayPass: false, ThreadLost: false, NoRoom: true));
        var report = ExpectReport(NodeDeploymentStatus.Failed);
        Assert.Equal((refusal.Reason, true, 5_000), (report.Error, report.NoRoom, report.ModelBytes));
    }

    [Fact]
    public void ContentMeasured_TwoPackedSmall_OnlyTheFirstGetsTheMemory()
    {
        var limits = TestModels.Options.Limits;
        Settings.Take(SettingsSnapshot.Of(1, [new SettingEntry(MlSettings.MaxDeployTasks.Name, "2")], []));
        Local.SetDevices([], new NodeCapacity(2, (2 * limits.Placement.MemoryNeeded(1_000)) - 1));
        var first = Load(TestModels.Load());
        var second = Load(TestModels.Load(Other));

        first.Tell(new ContentMeasured(Id, new ContentSize(1_000, 0), FreeDiskBytes: null));
        Loaders.ExpectMsg<ContentAdmitted>();
        second.Tell(new ContentMeasured(Other, new ContentSize(1_000, 0), FreeDiskBytes: null));

        Assert.True(Loaders.ExpectMsg<ContentRefused>().Refusal.NoRoom);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ThreadLost_ItsMemoryIsNotGivenToOthers(bool served)
    {
        var need = TestModels.Options.Limits.Placement.MemoryNeeded(TestModels.Load().SizeBytes);
        Local.SetDevices([], new NodeCapacity(10, (2 * need) - 1));
        var loader = Load(TestModels.Load());
        LoaderReport lost = served
            ? new ServiceLost(Id, "a forward ran longer than 30 s")
            : new LoadFailed(Id, "its thread was given up", MayPass: false, ThreadLost: true);
        loader.Tell(lost);
        Models.FishForMessage<ReportNodeDeployment>(r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        ExpectMsg<ModelUnloaded>();

        Host.Tell(TestModels.Load(Other));

        var refused = Models.FishForMessage<ReportNodeDeployment>(r => r.ModelId == Other, Patience.Deadline);
        Assert.Equal((NodeDeploymentStatus.Failed, true), (refused.Status, refused.NoRoom));
        Assert.Contains("has no memory for the model", refused.Error, StringComparison.Ordinal);
        Assert.Equal(need - 1, Local.Current!.Capacity!.MemoryBytes);
    }

    [Fact]
    public void LoadModel_RefusedAndRoomSince_IsLoadedByTheNextPlan()
    {
        var need = TestModels.Options.Limits.Placement.MemoryNeeded(TestModels.Load().SizeBytes);
        Local.SetDevices([], new NodeCapacity(2, need));
        var first = Load(TestModels.Load());
        Host.Tell(TestModels.Load(Other));
        Models.FishForMessage<ReportNodeDeployment>(r => r.NoRoom, Patience.Deadline);
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        Loaders.ExpectMsg<StopLoader>();
        first.Tell(new LoaderStopped(Id));
        ExpectMsg<ModelUnloaded>();

        Host.Tell(TestModels.Load(Other, plan: 2));

        Assert.Equal(Other, Loaders.ExpectMsg<PuppetLoader.Started>().Command.ModelId);
    }
}
