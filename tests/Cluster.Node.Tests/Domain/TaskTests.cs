using CsCheck;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

public class TaskTests : TaskKit
{
    [Fact]
    public void Deployment_AllGood_IsCompleted()
    {
        Do(Create(TaskType.DeployModel));
        Do(new RecordNodeOutcome(Id, Some.NodeA, null));
        Assert.Equal(TaskStatus.Running, State.Status);

        Do(new RecordNodeOutcome(Id, Some.NodeB, null));

        Assert.Equal(TaskStatus.Completed, State.Status);
        Assert.Null(State.Error);
        Assert.Equal(Some.Model, State.ModelId);
    }

    [Fact]
    public void Deployment_OneBad_IsCompletedWithErrorByNode()
    {
        Do(Create(TaskType.DeployModel));
        Do(new RecordNodeOutcome(Id, Some.NodeA, "it said \"no\" – twice"));
        Do(new RecordNodeOutcome(Id, Some.NodeB, null));

        Assert.Equal(TaskStatus.CompletedWithError, State.Status);
        Assert.Equal("""{"node-a":"it said \"no\" – twice"}""", State.Error);
    }

    [Fact]
    public void Deployment_AllBad_IsFailed()
    {
        Do(Create(TaskType.DeployModel));
        Do(new RecordNodeOutcome(Id, Some.NodeB, "b"));
        Do(new RecordNodeOutcome(Id, Some.NodeA, "a"));

        Assert.Equal(TaskStatus.Failed, State.Status);
        Assert.Equal("""{"node-a":"a","node-b":"b"}""", State.Error);
    }

    [Fact]
    public void Registration_StaysCreatedAndTellsItsModelWhenKnown()
    {
        Do(Create(TaskType.RegisterModel));
        Assert.Null(Document().ModelId);

        Do(new ReportProgress(Id, 0.5f, Some.Model));
        Do(new ReportProgress(Id, 0.25f, Some.Model));

        Assert.Equal(TaskStatus.Created, Document().Status);
        Assert.Equal(Some.Model, Document().ModelId);
        Assert.Equal(0.5f, Document().Progress);
        Do(new FinishTask(Id, Some.Model, null));
        Assert.Equal(TaskStatus.Completed, Document().Status);
        Assert.Null(Document().Progress);
    }

    [Fact]
    public void Finished_LateWords_AreAcceptedAndChangeNothing()
    {
        Do(Create(TaskType.DeployModel));
        Do(new FinishTask(Id, Some.Model, "gone"));

        Assert.IsType<TaskAccepted>(Do(new RecordNodeOutcome(Id, Some.NodeA, null)).Reply);
        Assert.IsType<TaskAccepted>(Do(new FinishTask(Id, Some.Model, null)).Reply);
        Assert.IsType<TaskAccepted>(Do(Create(TaskType.DeployModel)).Reply);

        Assert.Equal("gone", State.Error);
        Assert.Equal(2, Events.Count);
    }

    [Fact]
    public void Delete_Running_IsRefused()
    {
        Do(Create(TaskType.DeployModel));

        var rejected = Assert.IsType<TaskRejected>(Do(new DeleteTask(Id, new CommandId("d"))).Reply);

        Assert.Equal(ErrorCode.BadState, rejected.Error.Code);
        Assert.Equal("Task cannot be deleted in running state. Try after some time.", rejected.Error.Reason);
    }

    [Fact]
    public void Delete_Finished_StaysDeletedWhateverComes()
    {
        Do(Create(TaskType.RegisterModel));
        Do(new FinishTask(Id, null, null));
        var delete = new DeleteTask(Id, new CommandId("d"));

        var first = Do(delete).Reply;

        Assert.Equal(new TaskDeletedReply(Id, 3), first);
        Assert.Equal(first, Do(delete).Reply);
        Assert.IsType<TaskAccepted>(Do(Create(TaskType.RegisterModel)).Reply);
        Assert.Equal(
            ErrorCode.NotFound, Assert.IsType<TaskRejected>(Do(new GetTask(Id)).Reply).Error.Code);
        // The journal keeps the last event alone.
        Assert.Equal(first, TaskDecisions.Decide(
            TaskFold.Apply(TaskState.Unknown, Events[^1]), delete, Now, Timeout).Reply);
    }

    [Fact]
    public void Get_Unknown_IsNotFound() => Assert.Equal(
        new ProtocolError(ErrorCode.NotFound, "Failed to find task"),
        Assert.IsType<TaskRejected>(Do(new GetTask(Id)).Reply).Error);

    [Fact]
    public void Decide_AnyCommandsEachTwice_ActOnceAndReplayTheSame()
    {
        var commands = Gen.OneOf<ITaskCommand>(
            Gen.Enum<TaskType>().Select(t => (ITaskCommand)Create(t)),
            Gen.Select(Gen.Int[0, 1].Select(i => Nodes[i]), Gen.Bool.Select(good => good ? null : "bad"))
                .Select((n, e) => (ITaskCommand)new RecordNodeOutcome(Id, n, e)),
            Gen.Bool.Select(good => good ? null : "bad").Select(e => (ITaskCommand)new FinishTask(Id, Some.Model, e)),
            Gen.Select(Gen.Single[-1, 2], Gen.Int[0, 2])
                .Select((p, n) => (ITaskCommand)new ReportProgress(Id, p, Some.Model, n < 2 ? Nodes[n] : null)),
            Gen.Int[0, 1].Select(d => (ITaskCommand)new DeleteTask(Id, new CommandId($"d{d}"))));

        commands.Array[1, 20].Sample(all =>
        {
            State = TaskState.Unknown;
            Events.Clear();
            foreach (var command in all)
            {
                var first = Do(command);
                var before = Describe(State);
                var second = Do(command);

                Assert.Empty(second.Events);
                Assert.Equal(first.Reply, second.Reply);
                Assert.Equal(before, Describe(State));
            }

            var replayed = Events.Aggregate(TaskState.Unknown, TaskFold.Apply);
            Assert.Equal(Describe(State with { Progress = 0 }), Describe(replayed with { Progress = 0 }));
        }, threads: 1);
    }

    private static string Describe(TaskState s) =>
        $"{s.Created} {s.Status} {s.ModelId} {s.Error} {s.Version} {s.DeletedBy} {s.Progress} "
        + string.Join(',', s.Outcomes.Select(o => $"{o.Key}={o.Value}").Order(StringComparer.Ordinal));
}
