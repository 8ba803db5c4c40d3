namespace MlCluster.Messages.Tasks;

/// <summary>Commands of TaskActor; each is idempotent.</summary>
public interface ITaskCommand : IWithTaskId;

/// <summary>Makes a task. Answer: <see cref="TaskAccepted"/>, also when it exists already.</summary>
/// <param name="OwnerId">The model whose entity works on it; a deployment's document shows it as
/// <c>model_id</c>.</param>
/// <param name="Status">A deployment's task is Running from the start, a registration's stays Created.</param>
public sealed record CreateTask(
    TaskId TaskId,
    ModelId OwnerId,
    TaskType Type,
    string FunctionName,
    TaskStatus Status,
    IReadOnlyList<NodeId> WorkerNodes,
    Dialect Dialect) : ITaskCommand;

/// <summary>Tells progress; not persisted each time. No answer. A number that moved pushes the deadline out.</summary>
/// <param name="Progress">0–1.</param>
/// <param name="NodeId">Whose part of a deployment it is; null: the task as a whole.</param>
public sealed record ReportProgress(TaskId TaskId, float Progress, ModelId? ModelId, NodeId? NodeId = null)
    : ITaskCommand;

/// <summary>One node's part of a deployment ended. Answer: <see cref="TaskAccepted"/>.</summary>
/// <param name="Error">Null: loaded.</param>
public sealed record RecordNodeOutcome(TaskId TaskId, NodeId NodeId, string? Error) : ITaskCommand;

/// <summary>Ends a task as a whole. Answer: <see cref="TaskAccepted"/>; a finished task stays as it is.</summary>
/// <param name="Error">Null: completed.</param>
public sealed record FinishTask(TaskId TaskId, ModelId? ModelId, string? Error) : ITaskCommand;

/// <summary>Asks for the document. Answer: <see cref="TaskDocument"/> or <see cref="TaskRejected"/>
/// (NotFound).</summary>
public sealed record GetTask(TaskId TaskId) : ITaskCommand;

/// <summary>Removes a task. Answer: <see cref="TaskDeletedReply"/> or <see cref="TaskRejected"/>.</summary>
public sealed record DeleteTask(TaskId TaskId, CommandId CommandId) : ITaskCommand;

/// <summary>Check the deadline now. No answer.</summary>
public sealed record SweepTask(TaskId TaskId) : ITaskCommand;
