using Akka.Actor;
using Akka.Configuration;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data;

/// <summary>What models and tasks promise on every database; a class a database runs it.</summary>
public abstract class PersistenceSpec : DataKit
{
    protected PersistenceSpec(Config config)
        : base(config) => Sys.ActorOf(Forwarder.Props(TestActor), "model-host");

    /// <summary>Bytes of chunks that the database holds for a model.</summary>
    protected abstract long StoredChunkBytes(string modelId);

    /// <summary>Rows of an entity in the metadata journal.</summary>
    protected abstract long JournalRows(string persistenceId);

    [Fact]
    public void UploadByUrl_File_RegistersAndReadsBackTheSameBytes()
    {
        var bytes = Bytes(2_500);

        Upload(bytes);

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
        var task = AskTask<TaskDocument>(new GetTask(Some.Registration));
        Assert.Equal(Some.Model, task.ModelId);
        Assert.Equal([Some.NodeA], task.WorkerNodes);
        var document = Ask<ModelDocument>(new GetModel(Some.Model));
        Assert.Equal(ModelStatus.Registered, document.Status);
        Assert.Equal(new ModelContent(2_500, Sha256(bytes), 3, 3), document.Content);
        Assert.Equal(2_500, StoredChunkBytes("model-1"));
        var load = Deploy();
        Assert.Equal(bytes, Content(Some.Model, load.Chunks));
    }

    [Fact]
    public void UploadByUrl_CommandTwice_IsOneUpload()
    {
        var command = Command(Bytes(2_500));

        Ask<ModelAccepted>(command);
        Ask<ModelAccepted>(command);
        TaskEnd(Some.Registration);
        Ask<ModelAccepted>(command);

        Assert.Equal(2_500, StoredChunkBytes("model-1"));
        Assert.Equal(1, Archives.Checks);
    }

    [Fact]
    public void UploadByUrl_WrongHash_FailsWithBothHashesAndLeavesNothing()
    {
        var bytes = Bytes(2_500);

        Ask<ModelAccepted>(Command(bytes) with { Sha256 = Some.Hash });

        var task = TaskEnd(Some.Registration);
        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.Equal(
            $"model content changed: the expected sha-256 is {Some.Hash}, the actual one {Sha256(bytes)}", task.Error);
        AwaitGone(Some.Model);
        Await(() => Assert.Equal(0, StoredChunkBytes("model-1")));
    }

    [Fact]
    public void UploadByUrl_BadArchive_FailsWithTheReasonAndLeavesNothing()
    {
        Upload([.. FakeArchiveCheck.Bad, .. Bytes(1_500)]);

        Assert.Equal("Can't find model file", TaskEnd(Some.Registration).Error);
        AwaitGone(Some.Model);
        Await(() => Assert.Equal(0, StoredChunkBytes("model-1")));
        Await(() => Assert.Equal(1, JournalRows("model-model-1")));
    }

    [Fact]
    public void UploadByUrl_TooBig_FailsWithTheSize()
    {
        Upload(Bytes(20_001));

        Assert.Equal("Model file size exceeds the limit of 4GB: 20001", TaskEnd(Some.Registration).Error);
    }

    [Fact]
    public void UploadByUrl_EntityCrashesHalfWay_BeginsAgainAndEnds()
    {
        var bytes = Bytes(2_500);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, bytes.Length);
            await stream.WriteAsync(bytes.AsMemory(0, 2_200), stop);
            await goOn.Task.WaitAsync(stop);
            await stream.WriteAsync(bytes.AsMemory(2_200), stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.Equal(2_000, StoredChunkBytes("model-1")));

        Crash(Models, "model-1");
        goOn.SetResult();
        Models.Tell(new ReconcileModel(Some.Model));

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
        Assert.Equal(2, server.Requests);
        Await(() => Assert.Equal(2_500, StoredChunkBytes("model-1")));
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [Fact]
    public void UploadByUrl_ServerNeverAnswers_FailsWithTheLimit()
    {
        using var server = new ScriptedServer((_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop));

        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });

        Assert.EndsWith("no answer came for 5 seconds", TaskEnd(Some.Registration).Error, StringComparison.Ordinal);
        AwaitGone(Some.Model);
    }

    [Fact]
    public void UploadByUrl_DeletedHalfWay_EndsTheTaskAndLeavesNothing()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 5_000);
            await stream.WriteAsync(Bytes(2_000), stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.True(StoredChunkBytes("model-1") >= 1_000));

        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));

        Assert.Equal("the model was deleted", TaskEnd(Some.Registration).Error);
        Await(() => Assert.Equal(0, StoredChunkBytes("model-1")));
    }

    [Fact]
    public void UploadByChunks_AnyOrderEachTwice_Registers()
    {
        var bytes = Bytes(2_500);
        RegisterMeta(bytes, 3);
        RegisterMeta(bytes, 3);

        foreach (var number in new[] { 2, 0, 1 })
        {
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"first-{number}"));
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"second-{number}"));
        }

        Assert.Equal(ModelStatus.Registered, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
        Assert.Equal(2_500, StoredChunkBytes("model-1"));
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [Fact]
    public void UploadByChunks_CrashBetweenChunks_GoesOn()
    {
        var bytes = Bytes(2_500);
        RegisterMeta(bytes, 3);
        for (var number = 0; number < 3; number++)
        {
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"u{number}"));
            Crash(Models, "model-1");
        }

        AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [Fact]
    public void UploadByChunks_WrongThenRightBytes_RegistersWithTheRight()
    {
        var bytes = Bytes(1_500);
        RegisterMeta(bytes, 2);
        SendChunk(Some.Model, 0, Bytes(1_000, seed: 2), "wrong");
        SendChunk(Some.Model, 1, Part(bytes, 1), "u1");
        Ask<ModelAccepted>(Some.Deploy());
        var failed = TaskEnd(Some.Deployment);
        Assert.Equal(TaskStatus.Failed, failed.Status);
        Assert.Contains($"expected sha-256 is {Sha256(bytes)}", failed.Error, StringComparison.Ordinal);

        SendChunk(Some.Model, 0, Part(bytes, 0), "right");

        var document = AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(Sha256(bytes), document.Content.Sha256);
        Assert.Equal(bytes, Content(Some.Model, Deploy(new TaskId("deploy-2")).Chunks));
    }

    [Fact]
    public void Chunk_TooBig_IsRefusedWithTheLimit()
    {
        RegisterMeta(Bytes(10), 1);

        var rejected = Assert.IsType<ModelRejected>(SendChunk(Some.Model, 0, Bytes(ChunkBytes + 1), "u"));

        Assert.Equal(ErrorCode.TooLarge, rejected.Error.Code);
        Assert.StartsWith("Chunk size exceeds 10MB", rejected.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunk_Empty_IsRefused()
    {
        RegisterMeta(Bytes(10), 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;

        var reply = SendSegment(path, new ChunkSegment(Some.Model, new CommandId("u"), 0, 0, true, Array.Empty<byte>()));

        Assert.Equal("Chunk size either 0 or null", Assert.IsType<ModelRejected>(reply).Error.Reason);
    }

    [Fact]
    public void Chunk_SegmentAgain_IsAnsweredAgain()
    {
        var bytes = Bytes(900);
        RegisterMeta(bytes, 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;
        var upload = new CommandId("u");
        var first = new ChunkSegment(Some.Model, upload, 0, 0, false, bytes.AsMemory(0, 400));
        var last = new ChunkSegment(Some.Model, upload, 0, 400, true, bytes.AsMemory(400));

        Assert.Equal(SendSegment(path, first), SendSegment(path, first));
        Assert.Equal(SendSegment(path, last), SendSegment(path, last));

        Assert.Equal(900, StoredChunkBytes("model-1"));
        Assert.Equal(ModelStatus.Registered, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [Fact]
    public void Chunk_MiddleOfAnUnknownUpload_AsksForTheChunkAgain()
    {
        RegisterMeta(Bytes(900), 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;

        var reply = SendSegment(path, new ChunkSegment(Some.Model, new CommandId("u"), 0, 400, true, Bytes(500)));

        Assert.Equal(ErrorCode.Unavailable, Assert.IsType<ModelRejected>(reply).Error.Code);
    }

    [Fact]
    public void Deploy_NodeReports_EndsTheTask()
    {
        UploadAndWait();
        var load = Deploy();
        Assert.Equal(1, load.PlanVersion);

        Report(NodeDeploymentStatus.Loaded);
        Report(NodeDeploymentStatus.Loaded);

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Deployment).Status);
        Assert.Equal(ModelStatus.Deployed, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [Fact]
    public void Deploy_EntityCrashesWhileTheNodeLoads_TellsItAgainAndEndsTheTask()
    {
        UploadAndWait();
        Deploy();
        Crash(Models, "model-1");
        Crash(Tasks, Some.Deployment.Value);

        Models.Tell(new ReconcileModel(Some.Model));
        ExpectMsg<LoadModel>(TimeSpan.FromSeconds(10));
        Report(NodeDeploymentStatus.Failed, "out of memory");

        Assert.Equal("""{"node-a":"out of memory"}""", TaskEnd(Some.Deployment).Error);
        AwaitStatus(Some.Model, ModelStatus.DeployFailed);
    }

    [Fact]
    public void Deploy_NodeLeavesWhileLoading_FailsItsPart()
    {
        UploadAndWait();
        Views.Show(FakeViews.Node(Some.NodeA, Address), FakeViews.Node(Some.NodeB, "akka.tcp://nowhere@127.0.0.1:1"));
        Ask<ModelAccepted>(Some.Deploy(null, "node-a", "node-b"));
        ExpectMsg<LoadModel>(TimeSpan.FromSeconds(10));
        Report(NodeDeploymentStatus.Loaded);

        Views.Show(FakeViews.Node(Some.NodeA, Address, 1, Some.Model));

        var task = TaskEnd(Some.Deployment);
        Assert.Equal(TaskStatus.CompletedWithError, task.Status);
        Assert.Contains("node left", task.Error, StringComparison.Ordinal);
        AwaitStatus(Some.Model, ModelStatus.PartiallyDeployed);
    }

    [Fact]
    public void Undeploy_NodeAnswers_ThenDeleteLeavesNoChunk()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        Assert.Equal(
            ErrorCode.BadState, Ask<ModelRejected>(new DeleteModel(Some.Model, new CommandId("early"))).Error.Code);

        var caller = CreateTestProbe();
        Models.Tell(Some.Undeploy("u"), caller);
        var unload = FishForMessage<UnloadModel>(_ => true, TimeSpan.FromSeconds(10));
        Models.Tell(new ModelUnloaded(Some.Model, Some.NodeA, unload.PlanVersion, WasLoaded: true));
        Assert.True(caller.ExpectMsg<ModelUndeployed>(TimeSpan.FromSeconds(10)).Removed["node-a"]);
        Assert.True(Ask<ModelUndeployed>(Some.Undeploy("u")).Removed["node-a"]);

        var delete = new DeleteModel(Some.Model, new CommandId("d"));
        var deleted = Ask<ModelDeletedReply>(delete);
        Await(() => Assert.Equal(0, StoredChunkBytes("model-1")));
        Await(() => Assert.Equal(1, JournalRows("model-model-1")));
        Crash(Models, "model-1");
        Assert.Equal(deleted, Ask<ModelDeletedReply>(delete));
        Assert.Equal(
            ErrorCode.NotFound,
            Ask<ModelRejected>(new DeleteModel(Some.Model, new CommandId("other"))).Error.Code);
    }

    [Fact]
    public void Task_Deleted_KeepsOneRowAndTakesLateWords()
    {
        UploadAndWait();
        var delete = new DeleteTask(Some.Registration, new CommandId("d"));
        var deleted = AskTask<TaskDeletedReply>(delete);
        Await(() => Assert.Equal(1, JournalRows("task-register-1")));
        Crash(Tasks, Some.Registration.Value);

        Assert.Equal(deleted, AskTask<TaskDeletedReply>(delete));
        AskTask<TaskAccepted>(new FinishTask(Some.Registration, null, "late"));
        Assert.Equal(
            ErrorCode.NotFound, AskTask<TaskRejected>(new GetTask(Some.Registration)).Error.Code);
    }

    [Fact]
    public void Supervisor_StartedLater_KnowsWhatIsWantedAndWakesIt()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        var models = CreateTestProbe();
        var supervisor = Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options, TimeProvider.System, Views, models, CreateTestProbe(), AttentionFeed.ReadJournal)));

        var caller = CreateTestProbe();
        DeploymentsReply? reply = null;
        Await(() =>
        {
            supervisor.Tell(new GetDeployments(), caller);
            reply = caller.ExpectMsg<DeploymentsReply>();
            Assert.True(reply.Complete);
            Assert.Equal(ModelStatus.Deployed, Assert.Single(reply.Models).Status);
        });

        Assert.Equal("TEXT_EMBEDDING", reply!.Models[0].FunctionName);
        // The node is a new process that serves nothing yet.
        Views.Show(FakeViews.Node(Some.NodeA, Address, incarnation: 2));
        models.FishForMessage<ReconcileModel>(r => r.ModelId == Some.Model, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Supervisor_OpenTask_IsSweptUntilItEnds()
    {
        AskTask<TaskAccepted>(new CreateTask(
            Some.Deployment,
            Some.Model,
            TaskType.DeployModel,
            "TEXT_EMBEDDING",
            TaskStatus.Running,
            [Some.NodeA],
            Dialect.Current));
        var tasks = CreateTestProbe();

        Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options, TimeProvider.System, Views, CreateTestProbe(), tasks, AttentionFeed.ReadJournal)));

        Assert.Equal(Some.Deployment, tasks.ExpectMsg<SweepTask>(TimeSpan.FromSeconds(10)).TaskId);
    }

    private string Address => ((ExtendedActorSystem)Sys).Provider.DefaultAddress.ToString();

    private RegisterModel Command(byte[] bytes)
    {
        var path = Path.Combine(Files.FullName, "model.zip");
        File.WriteAllBytes(path, bytes);
        return Some.RegisterByUrl() with { Url = "file://" + path };
    }

    private void Upload(byte[] bytes) => Ask<ModelAccepted>(Command(bytes));

    private void UploadAndWait()
    {
        Upload(Bytes(1_500));
        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
    }

    private void RegisterMeta(byte[] bytes, int chunks) =>
        Ask<ModelAccepted>(Some.RegisterMeta(chunks) with { Sha256 = Sha256(bytes) });

    private static byte[] Part(byte[] bytes, int number) =>
        bytes.AsSpan(number * ChunkBytes, Math.Min(ChunkBytes, bytes.Length - (number * ChunkBytes))).ToArray();

    /// <summary>Deploys to this system's own model host, which is the test.</summary>
    private LoadModel Deploy(TaskId? task = null)
    {
        Views.Show(FakeViews.Node(Some.NodeA, Address));
        Ask<ModelAccepted>(Some.Deploy(task));
        return ExpectMsg<LoadModel>(TimeSpan.FromSeconds(10));
    }

    private void Report(NodeDeploymentStatus status, string? error = null)
    {
        var acknowledged = Ask<NodeReportAcknowledged>(Some.Report(Some.NodeA, status, error: error));
        Assert.Equal(new NodeReportAcknowledged(Some.Model, Some.NodeA, 1, status), acknowledged);
    }
}
