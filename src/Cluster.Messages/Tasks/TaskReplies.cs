namespace MlCluster.Messages.Tasks;

/// <summary>Answers of TaskActor.</summary>
public interface ITaskReply : IWithTaskId;

/// <summary>The command is durable, or of no consequence any more (a deleted or finished task).</summary>
public sealed record TaskAccepted(TaskId TaskId) : ITaskReply;

/// <summary>The command was refused; nothing changed.</summary>
public sealed record TaskRejected(TaskId TaskId, ProtocolError Error) : ITaskReply;

/// <summary>The task is gone.</summary>
public sealed record TaskDeletedReply(TaskId TaskId, long Version) : ITaskReply;
