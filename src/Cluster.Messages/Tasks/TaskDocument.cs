namespace MlCluster.Messages.Tasks;

/// <summary>What a task does; today's words.</summary>
public enum TaskType
{
    RegisterModel = 1,
    DeployModel = 2,
}

/// <summary>States of a task (contract 10.5).</summary>
public enum TaskStatus
{
    Created = 1,
    Running = 2,
    Completed = 3,
    CompletedWithError = 4,
    Failed = 5,
}

/// <summary>The stored document (contract 10.3); times are epoch milliseconds.</summary>
/// <param name="ModelId">Set when known.</param>
/// <param name="WorkerNodes">Node ids.</param>
/// <param name="Progress">0–1; null in finished tasks.</param>
/// <param name="Error">Why it failed; a JSON object text by node for deployments.</param>
/// <param name="Version">How many versions it had.</param>
public sealed record TaskDocument(
    TaskId TaskId,
    ModelId? ModelId,
    TaskType Type,
    string FunctionName,
    TaskStatus Status,
    IReadOnlyList<NodeId> WorkerNodes,
    long CreateTime,
    long LastUpdateTime,
    float? Progress,
    string? Error,
    Dialect Dialect,
    long Version) : IWithTaskId;
