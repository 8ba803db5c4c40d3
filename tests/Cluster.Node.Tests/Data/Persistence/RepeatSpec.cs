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
/// Every command of models and tasks, sent again: the same answer and one effect, also where the entity was started
/// anew in between. Uploads and their chunks are in the specs of uploads.
/// </summary>
public abstract class RepeatSpec(ITestDatabase database) : ModelKit(database)
{
    private const string ModelEntity = "model-1";
    private static readonly CommandId Id = new("c");

    [SkippableFact]
    public void RegisterModel_Twice_ActsOnce()
    {
        var command = Command(Bytes(1_500));
        Ask<ModelAccepted>(command);
        TaskEnd(Some.Registration);

        AssertRepeated(command);
        Assert.Equal(1, Archives.Checks);
    }

    [SkippableFact]
    public void RegisterModelMeta_Twice_ActsOnce() => AssertRepeated(Some.RegisterMeta(chunks: 2));

    [SkippableFact]
    public void PrepareChunk_Twice_NamesTheSameWriter()
    {
        RegisterMeta(Bytes(900), 1);
        var prepare = new PrepareChunk(Some.Model, 0);

        Assert.Equal(Ask<ChunkWriterReady>(prepare), Ask<ChunkWriterReady>(prepare));
    }

    [SkippableFact]
    public void DeployModel_Twice_IsOneTaskAndOnePlan()
    {
        UploadAndWait();
        var load = Deploy();

        AssertRepeated(Some.Deploy());

        Assert.Equal(load.PlanVersion, FishForMessage<LoadModel>(_ => true, Patience).PlanVersion);
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        AssertRepeated(Some.Deploy());
    }

    [SkippableFact]
    public void ReportNodeDeployment_Twice_ActsOnce()
    {
        UploadAndWait();
        Deploy();

        AssertRepeated(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
    }

    [SkippableFact]
    public void UndeployModel_TwiceWhileItWaits_AnswersBothFromOneUnload()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        var (first, second) = (CreateTestProbe(), CreateTestProbe());

        Models.Tell(Some.Undeploy(Id.Value), first);
        Models.Tell(Some.Undeploy(Id.Value), second);
        var unload = FishForMessage<UnloadModel>(_ => true, Patience);
        Models.Tell(new ModelUnloaded(Some.Model, Some.NodeA, unload.PlanVersion, WasLoaded: true));

        Assert.Equivalent(first.ExpectMsg<ModelUndeployed>(Patience), second.ExpectMsg<ModelUndeployed>(Patience));
        AssertRepeated(Some.Undeploy(Id.Value));
    }

    [SkippableFact]
    public void DeleteModel_Twice_ActsOnce()
    {
        UploadAndWait();
        var delete = new DeleteModel(Some.Model, Id);
        Ask<ModelDeletedReply>(delete);
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));

        AssertRepeated(delete);
    }

    [SkippableFact]
    public void ReconcileModel_Twice_ChangesNothing()
    {
        UploadAndWait();
        var before = Ask<ModelDocument>(new GetModel(Some.Model));

        Models.Tell(new ReconcileModel(Some.Model));
        Models.Tell(new ReconcileModel(Some.Model));

        Assert.Equivalent(before, Ask<ModelDocument>(new GetModel(Some.Model)), strict: true);
    }

    [SkippableFact]
    public void TaskCommands_EachTwice_ActOnce()
    {
        IWithTaskId[] commands =
        [
            Some.OpenDeployment(Some.NodeA, Some.NodeB),
            new RecordNodeOutcome(Some.Deployment, Some.NodeA, "out of memory"),
            new RecordNodeOutcome(Some.Deployment, Some.NodeB, null),
            new FinishTask(Some.Deployment, Some.Model, null),
            new DeleteTask(Some.Deployment, Id),
        ];
        foreach (var command in commands)
        {
            AssertRepeated(command);
        }
    }

    [SkippableFact]
    public void FinishTask_Twice_EndsOnce()
    {
        AskTask<TaskAccepted>(Some.OpenRegistration());

        AssertRepeated(new FinishTask(Some.Registration, Some.Model, null));
        AskTask<TaskAccepted>(new FinishTask(Some.Registration, Some.Model, "late"));

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
    }

    [SkippableFact]
    public void ReportProgressAndSweepTask_Twice_LeaveTheTaskAsItIs()
    {
        AskTask<TaskAccepted>(Some.OpenRegistration());
        var progress = new ReportProgress(Some.Registration, 0.5f, Some.Model);
        Tasks.Tell(progress);
        var before = AskTask<TaskDocument>(new GetTask(Some.Registration));
        Assert.Equal(Some.Model, before.ModelId);

        Tasks.Tell(progress);
        Tasks.Tell(new SweepTask(Some.Registration));
        Tasks.Tell(new SweepTask(Some.Registration));

        Assert.Equivalent(before, AskTask<TaskDocument>(new GetTask(Some.Registration)), strict: true);
    }

    private void AssertRepeated(IWithModelId command)
    {
        var first = Ask<IModelReply>(command);
        Assert.IsNotType<ModelRejected>(first);
        var versions = Versions();

        Assert.Equivalent(first, Ask<IModelReply>(command), strict: true);
        Crash(Models, ModelEntity);
        Assert.Equivalent(first, Ask<IModelReply>(command), strict: true);

        Assert.Equal(versions, Versions());
    }

    /// <summary>Versions of the document, or rows where there is none.</summary>
    private long Versions() => Ask<IModelReply>(new GetModel(Some.Model)) is ModelDocument document
        ? document.Version
        : Database.JournalRows("model-model-1");

    private void AssertRepeated(IWithTaskId command)
    {
        var first = AskTask<ITaskReply>(command);
        Assert.IsNotType<TaskRejected>(first);
        var entity = $"task-{command.TaskId}";
        if (command is DeleteTask)
        {
            Await(() => Assert.Equal(1, Database.JournalRows(entity)));
        }

        var rows = Database.JournalRows(entity);

        Assert.Equivalent(first, AskTask<ITaskReply>(command), strict: true);
        Crash(Tasks, command.TaskId.Value);
        Assert.Equivalent(first, AskTask<ITaskReply>(command), strict: true);

        Assert.Equal(rows, Database.JournalRows(entity));
    }
}
