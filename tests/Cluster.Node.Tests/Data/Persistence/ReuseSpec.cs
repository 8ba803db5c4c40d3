using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>An id that is used again after its model failed or was deleted.</summary>
public abstract class ReuseSpec(ITestDatabase database) : ModelKit(database)
{
    private const string Entity = "model-model-1";
    private static readonly TaskId Again = new("again");
    private static readonly DeleteModel Delete = new(Some.Model, new CommandId("d"));

    [SkippableFact]
    public void Register_AfterAFailedUpload_IsAnotherModel()
    {
        Ask<ModelAccepted>(Command(Bytes(2_500)) with { Sha256 = Some.Hash });
        Assert.Equal(TaskStatus.Failed, TaskEnd(Some.Registration).Status);
        AwaitPurged();
        var bytes = Bytes(1_500, seed: 2);

        Ask<ModelAccepted>(Command(bytes) with { TaskId = Again });

        AssertServes(bytes);
        Assert.Equal(TaskStatus.Failed, TaskEnd(Some.Registration).Status);
    }

    [SkippableFact]
    public void Register_AtOnceAfterTheDelete_WaitsAndIsAnotherModel()
    {
        UploadAndWait();
        var bytes = Bytes(2_500, seed: 2);
        var (deletes, registers) = (CreateTestProbe(), CreateTestProbe());

        Models.Tell(Delete, deletes);
        Models.Tell(Command(bytes) with { TaskId = Again }, registers);

        deletes.ExpectMsg<ModelDeletedReply>(Patience);
        registers.ExpectMsg<ModelAccepted>(Patience);
        AssertServes(bytes);
    }

    [SkippableFact]
    public void RegisterMeta_AfterTheDelete_TakesChunksOfItsOwn()
    {
        UploadAndWait();
        Ask<ModelDeletedReply>(Delete);
        AwaitPurged();
        var bytes = Bytes(1_500, seed: 2);

        RegisterMeta(bytes, 2);
        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 0, Part(bytes, 0), "u0"));
        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 1, Part(bytes, 1), "u1"));

        AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [SkippableFact]
    public void Register_AfterADeployedModel_IsNotMovedByLateWordsAboutIt()
    {
        UploadAndWait();
        var old = DeployAndUndeploy();
        Ask<ModelDeletedReply>(Delete);
        AwaitPurged();
        Ask<ModelAccepted>(Command(Bytes(1_500, seed: 2)) with { TaskId = Again });
        Assert.Equal(TaskStatus.Completed, TaskEnd(Again).Status);

        Ask<ModelAccepted>(Some.Deploy(new TaskId("deploy-again")));
        var load = FishForMessage<LoadModel>(_ => true, Patience);
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded, old.PlanVersion));

        Assert.True(load.PlanVersion > old.PlanVersion, $"{load.PlanVersion} is not after {old.PlanVersion}");
        Assert.Equal(ModelStatus.Deploying, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
        Ask<ModelDeletedReply>(Delete);
        Assert.Equal(ModelStatus.Deploying, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [SkippableFact]
    public void Purged_StillServed_IsUnloadedByAPlanBeforeThatOfTheNextModel()
    {
        UploadAndWait();
        Ask<ModelDeletedReply>(Delete);
        AwaitPurged();

        Views.Show(FakeViews.Node(Some.NodeA, Address, serves: Some.Model));
        Models.Tell(new ReconcileModel(Some.Model));
        var unload = FishForMessage<UnloadModel>(_ => true, Patience);
        Views.Show(FakeViews.Node(Some.NodeA, Address));
        Ask<ModelAccepted>(Command(Bytes(1_500, seed: 2)) with { TaskId = Again });
        Assert.Equal(TaskStatus.Completed, TaskEnd(Again).Status);
        Ask<ModelAccepted>(Some.Deploy());

        Assert.True(FishForMessage<LoadModel>(_ => true, Patience).PlanVersion > unload.PlanVersion);
    }

    [SkippableFact]
    public void RegisteredAgain_WhenTheTombstoneIsOld_Stays()
    {
        UploadAndWait();
        Ask<ModelDeletedReply>(Delete);
        AwaitPurged();
        var bytes = Bytes(1_500, seed: 2);
        Ask<ModelAccepted>(Command(bytes) with { TaskId = Again });
        Assert.Equal(TaskStatus.Completed, TaskEnd(Again).Status);
        Database.MakeOlder(Entity, TimeSpan.FromDays(31));
        Database.MakeOlder($"task-{Some.Registration}", TimeSpan.FromDays(31));

        StartSupervisor();

        Await(() => Assert.Equal(0, Database.Traces($"task-{Some.Registration}")));
        AssertServes(bytes);
    }

    private void AwaitPurged() => Await(() =>
    {
        Assert.Equal(1, Database.JournalRows(Entity));
        Assert.Equal(0, Database.ChunkBytes("model-1"));
    });

    // Before and after a restart.
    private void AssertServes(byte[] bytes)
    {
        Assert.Equal(TaskStatus.Completed, TaskEnd(Again).Status);
        var registered = AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(Sha256(bytes), registered.Content.Sha256);
        Assert.Equal(bytes.Length, Database.ChunkBytes("model-1"));
        Crash(Models, "model-1");
        Assert.Equivalent(registered, Ask<ModelDocument>(new GetModel(Some.Model)), strict: true);
        var load = Deploy();
        Assert.Equal(bytes, Content(Some.Model, load.Chunks));
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded, load.PlanVersion));
        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Deployment).Status);
        AwaitStatus(Some.Model, ModelStatus.Deployed);
    }

    private LoadModel DeployAndUndeploy()
    {
        var load = Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        var caller = CreateTestProbe();
        Models.Tell(Some.Undeploy("u"), caller);
        var unload = FishForMessage<UnloadModel>(_ => true, Patience);
        Models.Tell(new ModelUnloaded(Some.Model, Some.NodeA, unload.PlanVersion, WasLoaded: true));
        caller.ExpectMsg<ModelUndeployed>(Patience);
        return load;
    }
}
