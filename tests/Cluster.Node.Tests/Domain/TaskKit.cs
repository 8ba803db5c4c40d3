using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

/// <summary>A task without its actor: commands are decided and their events applied at once.</summary>
public abstract class TaskKit
{
    private protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(600);
    private protected static readonly TaskId Id = new("task-1");
    private protected static readonly NodeId[] Nodes = [Some.NodeA, Some.NodeB];

    private protected List<ITaskEvent> Events { get; } = [];

    private protected TaskState State { get; set; } = TaskState.Unknown;

    private protected long Now { get; set; } = 1_000;

    private protected static CreateTask Create(TaskType type) => new(
        Id,
        Some.Model,
        type,
        "TEXT_EMBEDDING",
        type == TaskType.DeployModel ? TaskStatus.Running : TaskStatus.Created,
        Nodes,
        Dialect.Current);

    private protected TaskDocument Document() => Assert.IsType<TaskDocument>(Do(new GetTask(Id)).Reply);

    /// <summary>The owner died, and the next one has what the journal has.</summary>
    private protected void Resume() =>
        State = Events.Aggregate(TaskState.Unknown, TaskFold.Apply) with { ResumedAt = Now };

    private protected TaskDecision Do(ITaskCommand command)
    {
        var decision = TaskDecisions.Decide(State, command, Now, Timeout);
        State = decision.Events.Aggregate(decision.Live, TaskFold.Apply);
        Events.AddRange(decision.Events);
        return decision;
    }
}
