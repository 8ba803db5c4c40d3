namespace MlCluster.Messages.Tasks;

/// <summary>What the journal of a task keeps.</summary>
public interface ITaskEvent : IPersistedEvent, IWithTaskId
{
    /// <summary>Epoch milliseconds.</summary>
    long Time { get; }
}

/// <summary>The task exists.</summary>
/// <param name="OwnerId">The model whose entity works on it.</param>
public sealed record TaskCreated(
    TaskId TaskId,
    ModelId OwnerId,
    TaskType Type,
    string FunctionName,
    TaskStatus Status,
    IReadOnlyList<NodeId> WorkerNodes,
    Dialect Dialect,
    long Time) : ITaskEvent;

/// <summary>The document of the task's model was made.</summary>
public sealed record TaskModelKnown(TaskId TaskId, ModelId ModelId, long Time) : ITaskEvent;

/// <summary>One node's part ended.</summary>
/// <param name="Error">Null: good.</param>
public sealed record TaskNodeFinished(TaskId TaskId, NodeId NodeId, string? Error, long Time) : ITaskEvent;

/// <summary>The task ended.</summary>
/// <param name="Status">Completed, CompletedWithError or Failed.</param>
/// <param name="Error">As the document shows it; null when completed.</param>
public sealed record TaskFinished(TaskId TaskId, TaskStatus Status, ModelId? ModelId, string? Error, long Time)
    : ITaskEvent;

/// <summary>The document is gone; all earlier events may go: this one alone says what was.</summary>
public sealed record TaskDeleted(TaskId TaskId, CommandId CommandId, long Version, long Time) : ITaskEvent;
