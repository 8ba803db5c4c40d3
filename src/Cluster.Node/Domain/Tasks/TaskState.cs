using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Domain.Tasks;

/// <summary>All that is known of one task: the fold of its events, beside what is told without being kept.</summary>
internal sealed record TaskState
{
    public static TaskState Unknown { get; } = new();

    /// <summary>Null before the first event.</summary>
    public TaskCreated? Created { get; init; }

    public TaskStatus Status { get; init; }

    public ModelId? ModelId { get; init; }

    /// <summary>Nodes whose part ended; the value is the error, null: good.</summary>
    public ImmutableDictionary<NodeId, string?> Outcomes { get; init; } = ImmutableDictionary<NodeId, string?>.Empty;

    public string? Error { get; init; }

    public long LastUpdateTime { get; init; }

    /// <summary>How many versions the document had.</summary>
    public long Version { get; init; }

    public CommandId? DeletedBy { get; init; }

    /// <summary>0–1, never less than before; not kept by the journal.</summary>
    public float Progress { get; init; }

    /// <summary>The last number for the task as a whole; not kept by the journal.</summary>
    public float? ToldProgress { get; init; }

    /// <summary>The highest number of each node; not kept by the journal.</summary>
    public ImmutableDictionary<NodeId, float> NodeProgress { get; init; } = ImmutableDictionary<NodeId, float>.Empty;

    /// <summary>Epoch milliseconds of the last event or move of a number; the journal keeps the events alone.</summary>
    public long LastActivity { get; init; }

    /// <summary>Epoch milliseconds since when its owner has it; null: since its creation.</summary>
    public long? ResumedAt { get; init; }

    public bool Exists => Created is not null && DeletedBy is null;

    /// <summary>True while an end is to come.</summary>
    public bool IsOpen => Exists && (Status is TaskStatus.Created or TaskStatus.Running);
}

/// <summary>What a command leads to: events first, then the answer.</summary>
/// <param name="Reply">Null: nobody is answered.</param>
/// <param name="Live">The state with what is told without being kept.</param>
internal sealed record TaskDecision(IWithTaskId? Reply, IReadOnlyList<ITaskEvent> Events, TaskState Live);
