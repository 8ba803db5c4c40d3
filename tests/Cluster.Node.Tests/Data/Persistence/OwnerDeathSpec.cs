using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>
/// In every moving state of models and tasks their owners end without a word. The supervisor finds them and each comes
/// to its end; no client helps.
/// </summary>
public abstract class OwnerDeathSpec(ITestDatabase database) : ModelKit(database)
{
    private const string ModelEntity = "model-1";
    private const string Mark = "all that was sent before";

    [SkippableFact]
    public void Registering_DuringTheDownload_EndsRegistered()
    {
        var bytes = Bytes(2_500);
        var isFirst = true;
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, bytes.Length);
            await stream.WriteAsync(bytes.AsMemory(0, 2_200), stop);
            if (isFirst)
            {
                isFirst = false;
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            }

            await stream.WriteAsync(bytes.AsMemory(2_200), stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.Equal(2_000, Database.ChunkBytes(ModelEntity)));

        KillOwners(Some.Registration);

        AwaitModel(ModelStatus.Registered);
        Assert.Equal(TaskStatus.Completed, AwaitTask(Some.Registration).Status);
    }

    [SkippableFact]
    public async Task Registering_DuringTheCheckOfADownload_EndsRegistered()
    {
        Archives.HoldsFirst = true;
        Upload(Bytes(1_500));
        await Archives.FirstIsHeld.WaitAsync(Patience);

        KillOwners(Some.Registration);

        AwaitModel(ModelStatus.Registered);
        Assert.Equal(TaskStatus.Completed, AwaitTask(Some.Registration).Status);
    }

    [SkippableFact]
    public async Task Registering_DuringTheCheckOfChunks_EndsRegistered()
    {
        Archives.HoldsFirst = true;
        var bytes = Bytes(900);
        RegisterMeta(bytes, 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;
        Sys.ActorSelection(path).Tell(
            new ChunkSegment(Some.Model, new CommandId("u"), 0, 0, true, bytes), CreateTestProbe());
        await Archives.FirstIsHeld.WaitAsync(Patience);

        KillOwners();

        AwaitModel(ModelStatus.Registered);
    }

    [SkippableFact]
    public async Task Deploying_BeforeItsChunksAreChecked_EndsDeployed()
    {
        Archives.HoldsFirst = true;
        var bytes = Bytes(900);
        RegisterMeta(bytes, 1);
        SendChunk(Some.Model, 0, bytes, "u");
        await Archives.FirstIsHeld.WaitAsync(Patience);
        Ask<ModelAccepted>(Some.Deploy());

        KillOwners(Some.Deployment);

        await FishForMessageAsync<LoadModel>(_ => true, Patience);
        Report(NodeDeploymentStatus.Loaded);
        AwaitModel(ModelStatus.Deployed);
        Assert.Equal(TaskStatus.Completed, AwaitTask(Some.Deployment).Status);
    }

    [SkippableFact]
    public void PartlyDeployed_AnotherNodeStillLoads_EndsDeployed()
    {
        UploadAndWait();
        Views.Show(FakeViews.Node(Some.NodeA, Address), FakeViews.Node(Some.NodeB, Address));
        Ask<ModelAccepted>(Some.Deploy());
        Report(NodeDeploymentStatus.Loaded);

        KillOwners(Some.Deployment);

        FishForMessage<LoadModel>(_ => true, Patience);
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded));
        AwaitModel(ModelStatus.Deployed);
        Assert.Equal(TaskStatus.Completed, AwaitTask(Some.Deployment).Status);
    }

    [SkippableFact]
    public void Deploying_NodeIsThere_IsToldAgainAndEndsDeployed()
    {
        UploadAndWait();
        Deploy();

        KillOwners(Some.Deployment);

        ExpectMsg<LoadModel>(Patience);
        Report(NodeDeploymentStatus.Loaded);
        AwaitModel(ModelStatus.Deployed);
        Assert.Equal(TaskStatus.Completed, AwaitTask(Some.Deployment).Status);
    }

    [SkippableFact]
    public void Deploying_NodeLeavesMeanwhile_EndsDeployFailed()
    {
        DeployOnNodeB();

        KillOwners(Some.Deployment);
        Views.Show(FakeViews.Node(Some.NodeA, Address));

        Assert.Equal(TaskStatus.Failed, AwaitTask(Some.Deployment).Status);
        Assert.Equal(
            "the node has left the cluster", Assert.Single(AwaitModel(ModelStatus.DeployFailed).Nodes).Error);
    }

    [SkippableFact]
    public void Deploying_AfterItsNodeRestarted_EndsDeployed()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        Views.Show(FakeViews.Node(Some.NodeA, Address, incarnation: 2));
        AwaitStatus(Some.Model, ModelStatus.Deploying);

        KillOwners();

        FishForMessage<LoadModel>(_ => true, Patience);
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded, incarnation: 2));
        AwaitModel(ModelStatus.Deployed);
    }

    [SkippableFact]
    public void DeployFailed_ItsNodeComesBack_EndsDeployed()
    {
        DeployOnNodeB();
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded));
        Views.Show(FakeViews.Node(Some.NodeA, Address));
        AwaitStatus(Some.Model, ModelStatus.DeployFailed);

        KillOwners();
        Views.Show(FakeViews.Node(Some.NodeA, Address), FakeViews.Node(Some.NodeB, Address, incarnation: 2));

        FishForMessage<LoadModel>(_ => true, Patience);
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded, incarnation: 2));
        AwaitModel(ModelStatus.Deployed);
    }

    [SkippableFact]
    public void Undeploying_NodeIsThere_IsToldAgainAndEnds()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        Views.Show(FakeViews.Node(Some.NodeA, Address, 1, Some.Model));
        Models.Tell(Some.Undeploy("u"), CreateTestProbe());
        var unload = FishForMessage<UnloadModel>(_ => true, Patience);

        KillOwners();

        Assert.Equal(unload, ExpectMsg<UnloadModel>(Patience));
        Models.Tell(new ModelUnloaded(Some.Model, Some.NodeA, unload.PlanVersion, WasLoaded: true));
        Assert.True(Ask<ModelUndeployed>(Some.Undeploy("u")).Removed[Some.NodeA.Value]);
    }

    [SkippableFact]
    public void Deleting_DuringTheDownload_LeavesNothing()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 5_000);
            await stream.WriteAsync(Bytes(2_000), stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.True(Database.ChunkBytes(ModelEntity) >= 1_000));
        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));

        KillOwners(Some.Registration);

        Await(() => Assert.Equal(0, Database.ChunkBytes(ModelEntity)));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));

        // It may have ended before the crash; then nobody has a reason to wake it.
        Assert.Equal(TaskStatus.Failed, TaskEnd(Some.Registration).Status);
    }

    [SkippableFact]
    public void Deleting_RegisteredModel_LeavesNothing()
    {
        UploadAndWait();
        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));

        KillOwners();

        Await(() => Assert.Equal(0, Database.ChunkBytes(ModelEntity)));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
    }

    /// <summary>Names a node that is not the one of the entities, so that it can go without them.</summary>
    private void DeployOnNodeB()
    {
        UploadAndWait();
        Views.Show(FakeViews.Node(Some.NodeA, Address), FakeViews.Node(Some.NodeB, Address));
        Ask<ModelAccepted>(Some.Deploy(null, Some.NodeB.Value));
        ExpectMsg<LoadModel>(Patience);
    }

    /// <summary>Ends the entities of the model and of tasks as a crash does; from here on the supervisor alone
    /// cares.</summary>
    private void KillOwners(params TaskId[] tasks)
    {
        Crash(Models, ModelEntity);
        foreach (var task in tasks)
        {
            Crash(Tasks, task.Value);
        }

        // What the dead have sent to the node comes before it.
        Sys.ActorSelection("/user/model-host").Tell(Mark);
        FishForMessage(m => ReferenceEquals(m, Mark), Patience);
        StartSupervisor();
    }

    private ModelDocument AwaitModel(ModelStatus status)
    {
        AwaitWoken(Models, ModelEntity);
        return AwaitStatus(Some.Model, status);
    }

    private TaskDocument AwaitTask(TaskId task)
    {
        AwaitWoken(Tasks, task.Value);
        return TaskEnd(task);
    }

    /// <summary>Waits until an entity is there again. Asking it would start it: that is what a client does.</summary>
    private void AwaitWoken(IActorRef region, string id)
    {
        var asker = CreateTestProbe();
        Await(() =>
        {
            Sys.ActorSelection(region.Path / id).Tell(new Identify(id), asker);
            Assert.True(asker.ExpectMsg<ActorIdentity>(Patience).Subject is not null, $"nobody has woken {id}");
        });
    }
}
