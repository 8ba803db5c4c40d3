using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>What has ended is forgotten in time, and nothing else.</summary>
public abstract class RetentionSpec(ITestDatabase database) : ModelKit(database)
{
    private static readonly TaskId Open = new("open-1");

    [SkippableFact]
    public void EndedTask_AfterItsTime_LeavesNoTrace()
    {
        UploadAndWait();
        AskTask<TaskAccepted>(OpenTask());
        AskTask<TaskAccepted>(new FinishTask(Open, null, null));

        Supervise(TimeSpan.Zero);

        Await(() => Assert.Equal(0, Database.Traces($"task-{Some.Registration}")));
        Await(() => Assert.Equal(0, Database.Traces($"task-{Open}")));
        Crash(Tasks, Some.Registration.Value);
        Assert.Equal(ErrorCode.NotFound, AskTask<TaskRejected>(new GetTask(Some.Registration)).Error.Code);
        Assert.Equal(ModelStatus.Registered, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [SkippableFact]
    public void LateWordOnAForgottenTask_IsAcceptedAndDropped()
    {
        UploadAndWait();
        Supervise(TimeSpan.Zero);
        Await(() => Assert.Equal(0, Database.Traces($"task-{Some.Registration}")));
        Crash(Tasks, Some.Registration.Value);

        AskTask<TaskAccepted>(new FinishTask(Some.Registration, null, "late"));

        Assert.Equal(ErrorCode.NotFound, AskTask<TaskRejected>(new GetTask(Some.Registration)).Error.Code);
        Assert.Equal(0, Database.Traces($"task-{Some.Registration}"));
    }

    [SkippableFact]
    public void DeletedModel_AfterItsTime_LeavesNoTrace()
    {
        UploadAndWait();
        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));

        Supervise(TimeSpan.Zero);

        Await(() => Assert.Equal(0, Database.Traces("model-model-1")));
        Await(() => Assert.Equal(0, Database.ChunkRows("model-1")));
        Crash(Models, "model-1");
        Assert.Equal(ErrorCode.NotFound, Ask<ModelRejected>(new GetModel(Some.Model)).Error.Code);
    }

    [SkippableFact]
    public void Sweeper_ForgottenModel_IsToldToTheSupervisor()
    {
        UploadAndWait();
        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
        var supervisor = CreateTestProbe();

        supervisor.ChildActorOf(
            JournalSweeper.Props(Rows, Options with { TaskRetention = TimeSpan.Zero }, TimeProvider.System));

        Assert.Equal(Some.Model, supervisor.ExpectMsg<ModelForgotten>(Patience).ModelId);
        Assert.Equal(0, Database.Traces("model-model-1"));
    }

    [SkippableFact]
    public void OpenTaskAndYoungEnd_Stay()
    {
        UploadAndWait();
        AskTask<TaskAccepted>(OpenTask());
        // Ended long ago: it shows that the sweep has been there.
        AskTask<TaskAccepted>(OpenTask() with { TaskId = Some.Deployment });
        AskTask<TaskAccepted>(new FinishTask(Some.Deployment, null, null));
        Database.MakeOlder($"task-{Some.Deployment}", TimeSpan.FromDays(31));
        Database.MakeOlder($"task-{Open}", TimeSpan.FromDays(31));
        Database.MakeOlder("model-model-1", TimeSpan.FromDays(31));

        Supervise(Options.TaskRetention);

        Await(() => Assert.Equal(0, Database.Traces($"task-{Some.Deployment}")));
        Crash(Tasks, Some.Registration.Value);
        Crash(Tasks, Open.Value);
        Crash(Models, "model-1");
        Assert.Equal(TaskStatus.Completed, AskTask<TaskDocument>(new GetTask(Some.Registration)).Status);
        Assert.Equal(TaskStatus.Running, AskTask<TaskDocument>(new GetTask(Open)).Status);
        Assert.Equal(ModelStatus.Registered, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [SkippableFact]
    public void Supervisor_AfterForgetting_StillFollows()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        Supervise(TimeSpan.Zero);
        Await(() => Assert.Equal(0, Database.Traces($"task-{Some.Deployment}")));
        AskTask<TaskAccepted>(OpenTask());

        var tasks = CreateTestProbe();
        var later = Supervise(TimeSpan.FromDays(1), tasks);

        Await(() => Assert.Equal(ModelStatus.Deployed, Assert.Single(DeploymentsOf(later).Models).Status));
        Assert.Equal(Open, tasks.ExpectMsg<SweepTask>(Patience).TaskId);
    }

    [SkippableFact]
    public void ReplacedChunk_WhileOthersAreMissing_LeavesNoRow()
    {
        RegisterMeta(Bytes(1_500), 2);

        for (var seed = 2; seed < 6; seed++)
        {
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 0, Bytes(1_000, seed), $"u{seed}"));
        }

        Await(() => Assert.Equal(1, Database.ChunkRows("model-1")));
    }

    [SkippableFact]
    public void ChunkThatNobodyKnowsOf_AfterTheRegistration_IsRemoved()
    {
        var bytes = Bytes(1_500);
        RegisterMeta(bytes, 2);
        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 0, Part(bytes, 0), "u0"));
        Crash(Models, "model-1");
        // As if the node had ended between the row and the model's word on it.
        WriteEvents("chunks-model-1", ChunkIds.Journal, [Bytes(900, seed: 3)]);
        Assert.Equal(2, Database.ChunkRows("model-1"));

        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 1, Part(bytes, 1), "u1"));

        AwaitStatus(Some.Model, ModelStatus.Registered);
        Await(() => Assert.Equal(2, Database.ChunkRows("model-1")));
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    private static CreateTask OpenTask() => new(
        Open, Some.Model, TaskType.DeployModel, "TEXT_EMBEDDING", TaskStatus.Running, [Some.NodeA], Dialect.Current);

    private DeploymentsReply DeploymentsOf(IActorRef supervisor)
    {
        var caller = CreateTestProbe();
        supervisor.Tell(new GetDeployments(), caller);
        return caller.ExpectMsg<DeploymentsReply>(Patience);
    }

    private IActorRef Supervise(TimeSpan retention, IActorRef? tasks = null) =>
        Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options with { TaskRetention = retention, RetentionInterval = TimeSpan.FromMilliseconds(200) },
            TimeProvider.System,
            Views,
            CreateTestProbe(),
            tasks ?? CreateTestProbe(),
            AttentionFeed.ReadJournal,
            Rows)));
}
