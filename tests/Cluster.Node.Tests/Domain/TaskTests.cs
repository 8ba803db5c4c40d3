using CsCheck;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

public class TaskTests
{
    private static readonly TaskId Id = new("task-1");
    private static readonly NodeId[] Nodes = [Some.NodeA, Some.NodeB];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(600);

    private readonly List<ITaskEvent> _events = [];
    private TaskState _state = TaskState.Unknown;
    private long _now = 1_000;

    [Fact]
    public void Deployment_AllGood_IsCompleted()
    {
        Do(Create(TaskType.DeployModel));
        Do(new RecordNodeOutcome(Id, Some.NodeA, null));
        Assert.Equal(TaskStatus.Running, _state.Status);

        Do(new RecordNodeOutcome(Id, Some.NodeB, null));

        Assert.Equal(TaskStatus.Completed, _state.Status);
        Assert.Null(_state.Error);
        Assert.Equal(Some.Model, _state.ModelId);
    }

    [Fact]
    public void Deployment_OneBad_IsCompletedWithErrorByNode()
    {
        Do(Create(TaskType.DeployModel));
        Do(new RecordNodeOutcome(Id, Some.NodeA, "it said \"no\" – twice"));
        Do(new RecordNodeOutcome(Id, Some.NodeB, null));

        Assert.Equal(TaskStatus.CompletedWithError, _state.Status);
        Assert.Equal("""{"node-a":"it said \"no\" – twice"}""", _state.Error);
    }

    [Fact]
    public void Deployment_AllBad_IsFailed()
    {
        Do(Create(TaskType.DeployModel));
        Do(new RecordNodeOutcome(Id, Some.NodeB, "b"));
        Do(new RecordNodeOutcome(Id, Some.NodeA, "a"));

        Assert.Equal(TaskStatus.Failed, _state.Status);
        Assert.Equal("""{"node-a":"a","node-b":"b"}""", _state.Error);
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
    public void Sweep_NoProgressForTooLong_Fails()
    {
        Do(Create(TaskType.DeployModel));
        _now += 599_000;
        Do(new ReportProgress(Id, 0.1f, null));
        _now += 600_000;
        Do(new SweepTask(Id));
        Assert.Equal(TaskStatus.Running, _state.Status);

        _now += 1;
        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, _state.Status);
        Assert.Equal("timeout after 600 seconds", _state.Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("node-a")]
    public void Sweep_TheSameNumberAgainAndAgain_Fails(string? node)
    {
        Do(Create(TaskType.DeployModel));
        for (var i = 0; i < 7; i++)
        {
            Do(new ReportProgress(Id, 0.4f, null, node is null ? null : new NodeId(node)));
            Do(new SweepTask(Id));
            _now += 100_001;
        }

        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, _state.Status);
    }

    [Fact]
    public void Sweep_NodeMovesBehindAnother_GoesOn()
    {
        Do(Create(TaskType.DeployModel));
        Do(new ReportProgress(Id, 0.9f, null, Some.NodeA));
        foreach (var progress in new[] { 0.1f, 0.2f, 0.3f })
        {
            _now += 500_000;
            Do(new ReportProgress(Id, progress, null, Some.NodeB));
            Do(new SweepTask(Id));
        }

        Assert.Equal(TaskStatus.Running, _state.Status);
        Assert.Equal(0.6f, Document().Progress!.Value, 1e-6f);
        Assert.Equal(_now, Document().LastUpdateTime);
    }

    [Fact]
    public void Sweep_NodeBeginsAgainForEver_Fails()
    {
        Do(Create(TaskType.DeployModel));
        for (var i = 0; i < 10; i++)
        {
            Do(new ReportProgress(Id, i % 2 * 0.7f, null, Some.NodeA));
            Do(new SweepTask(Id));
            _now += 100_001;
        }

        Assert.Equal(TaskStatus.Failed, _state.Status);
    }

    [Fact]
    public void Sweep_Registration_LeavesItsModelTimeToEndIt()
    {
        Do(Create(TaskType.RegisterModel));
        _now += 1_200_000;
        Do(new SweepTask(Id));
        Assert.Equal(TaskStatus.Created, _state.Status);

        _now += 1;
        Do(new SweepTask(Id));

        Assert.Equal("timeout after 1200 seconds", _state.Error);
    }

    [Fact]
    public void Progress_Moves_LastUpdateTimeMovesToo()
    {
        Do(Create(TaskType.RegisterModel));
        Do(new ReportProgress(Id, 0.1f, Some.Model));
        _now += 10;
        Do(new ReportProgress(Id, 0.1f, Some.Model));
        Assert.Equal(1_000, Document().LastUpdateTime);

        Do(new ReportProgress(Id, 0.2f, Some.Model));

        Assert.Equal(1_010, Document().LastUpdateTime);
    }

    [Fact]
    public void Finished_LateWords_AreAcceptedAndChangeNothing()
    {
        Do(Create(TaskType.DeployModel));
        Do(new FinishTask(Id, Some.Model, "gone"));

        Assert.IsType<TaskAccepted>(Do(new RecordNodeOutcome(Id, Some.NodeA, null)).Reply);
        Assert.IsType<TaskAccepted>(Do(new FinishTask(Id, Some.Model, null)).Reply);
        Assert.IsType<TaskAccepted>(Do(Create(TaskType.DeployModel)).Reply);

        Assert.Equal("gone", _state.Error);
        Assert.Equal(2, _events.Count);
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
            TaskFold.Apply(TaskState.Unknown, _events[^1]), delete, _now, Timeout).Reply);
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
            _state = TaskState.Unknown;
            _events.Clear();
            foreach (var command in all)
            {
                var first = Do(command);
                var before = Describe(_state);
                var second = Do(command);

                Assert.Empty(second.Events);
                Assert.Equal(first.Reply, second.Reply);
                Assert.Equal(before, Describe(_state));
            }

            var replayed = _events.Aggregate(TaskState.Unknown, TaskFold.Apply);
            Assert.Equal(Describe(_state with { Progress = 0 }), Describe(replayed with { Progress = 0 }));
        }, threads: 1);
    }

    private static CreateTask Create(TaskType type) => new(
        Id,
        Some.Model,
        type,
        "TEXT_EMBEDDING",
        type == TaskType.DeployModel ? TaskStatus.Running : TaskStatus.Created,
        Nodes,
        Dialect.Current);

    private TaskDocument Document() => Assert.IsType<TaskDocument>(Do(new GetTask(Id)).Reply);

    private TaskDecision Do(ITaskCommand command)
    {
        var decision = TaskDecisions.Decide(_state, command, _now, Timeout);
        _state = decision.Events.Aggregate(decision.Live, TaskFold.Apply);
        _events.AddRange(decision.Events);
        return decision;
    }

    private static string Describe(TaskState s) =>
        $"{s.Created} {s.Status} {s.ModelId} {s.Error} {s.Version} {s.DeletedBy} {s.Progress} "
        + string.Join(',', s.Outcomes.Select(o => $"{o.Key}={o.Value}").Order(StringComparer.Ordinal));
}
