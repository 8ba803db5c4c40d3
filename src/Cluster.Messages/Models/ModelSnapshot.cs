using MlCluster.Messages.Tasks;

namespace MlCluster.Messages.Models;

/// <summary>All that is known of a model; earlier events may go: this one alone says what was.</summary>
/// <remarks>An event and no snapshot beside the journal: whoever follows the journal by tag needs it too.</remarks>
/// <param name="Work">What is still owed, and what a repeated command is answered with.</param>
public sealed record ModelSnapshotTaken(
    ModelId ModelId,
    SnapshotDocument Document,
    SnapshotContent Content,
    SnapshotPlan Plan,
    SnapshotWork Work,
    long Time) : IModelEvent
{
    /// <summary>What came of changes; null in snapshots of a time before there were any.</summary>
    public SnapshotUpdates? Updates { get; init; }
}

/// <summary>What came of changes to a registration.</summary>
/// <param name="RulesVersion">Version of the rules.</param>
/// <param name="RulesOwed">Nodes may still go by older ones.</param>
/// <param name="LastUpdate">The latest command; it is still answered.</param>
/// <param name="Controller">Null: there never was one.</param>
public sealed record SnapshotUpdates(
    long RulesVersion, bool RulesOwed, CommandId? LastUpdate, SnapshotController? Controller)
{
    /// <summary>Those before the latest, oldest first; they are still answered. Empty in snapshots that did not know
    /// them.</summary>
    public IReadOnlyList<CommandId> EarlierUpdates { get; init; } = [];
}

/// <summary>A model's controller.</summary>
/// <param name="Users">Null: it was deleted.</param>
/// <param name="Version">How many versions it had.</param>
/// <param name="IsNew">The latest command found none.</param>
/// <param name="LastCommand">It is still answered.</param>
public sealed record SnapshotController(
    IReadOnlyList<UserRateLimiter>? Users, long Version, bool IsNew, CommandId LastCommand)
{
    /// <summary>Commands before the latest, oldest first; they are still answered. Empty in snapshots that did not know
    /// them.</summary>
    public IReadOnlyList<SnapshotControllerCommand> Earlier { get; init; } = [];
}

/// <summary>An earlier command for a controller.</summary>
/// <param name="Version">Of the controller, after it.</param>
/// <param name="IsNew">It found no controller and saved one.</param>
public sealed record SnapshotControllerCommand(CommandId CommandId, long Version, bool IsNew);

/// <summary>The document.</summary>
/// <param name="Registered">False: chunks are still to come.</param>
/// <param name="Version">How many versions it had.</param>
/// <param name="Origin">Null for an upload by chunks.</param>
public sealed record SnapshotDocument(
    ModelSpec Spec, Dialect Dialect, bool Registered, long Version, ModelTimes Times, SnapshotOrigin? Origin);

/// <summary>Where an upload by URL came from.</summary>
/// <param name="Url">Empty: a pretrained model, found by its name.</param>
/// <param name="Attempts">How often the download began.</param>
public sealed record SnapshotOrigin(TaskId TaskId, string Url, string? Sha256, AutoDeploy? Deploy, int Attempts);

/// <summary>The archive.</summary>
/// <param name="Generation">Counts stored chunks.</param>
/// <param name="Problem">What was wrong with the complete set.</param>
public sealed record SnapshotContent(
    int? TotalChunks,
    long? SizeBytes,
    string? Sha256,
    IReadOnlyList<ChunkRef> Chunks,
    long LastChunkTime,
    int Generation,
    string? Problem)
{
    /// <summary>Size of the model's unpacked file; null: not known.</summary>
    public long? ModelBytes { get; init; }
}

/// <summary>Where the model is wanted.</summary>
public sealed record SnapshotPlan(long Version, bool ToAll, IReadOnlyList<SnapshotNode> Nodes)
{
    /// <summary>Epoch milliseconds when someone first asked for it; null in snapshots that did not know it.</summary>
    public long? WantedSince { get; init; }
}

/// <summary>One wanted node.</summary>
/// <param name="Since">Version of the plan in which it was last asked.</param>
/// <param name="Incarnation">The process that has the model; 0: none known.</param>
public sealed record SnapshotNode(
    NodeId NodeId, NodeDeploymentStatus Status, long Since, long Incarnation, string? Error)
{
    /// <summary>Null: it is not known to have no room.</summary>
    public HeldUpSpan? HeldUp { get; init; }
}

/// <summary>How long a node has had no room for a model.</summary>
/// <param name="First">Epoch milliseconds when that was said first.</param>
/// <param name="Last">Epoch milliseconds when it was said last.</param>
public sealed record HeldUpSpan(long First, long Last);

/// <summary>Tasks and undeployments, open ones and the latest that ended.</summary>
/// <param name="Settled">Oldest first.</param>
/// <param name="Undeployments">Oldest first.</param>
public sealed record SnapshotWork(
    IReadOnlyList<SnapshotTask> Tasks,
    IReadOnlyList<TaskId> Settled,
    IReadOnlyList<SnapshotUndeployment> Undeployments)
{
    /// <summary>The command that deleted an earlier model of the same id; null: none, or a snapshot of a time before
    /// an id could be used again.</summary>
    public CommandId? DeletedBy { get; init; }
}

/// <summary>A task that is to be told its end.</summary>
/// <param name="Nodes">Nodes that a deployment waits for.</param>
/// <param name="Finished">True when the task as a whole ended.</param>
/// <param name="Error">Why it failed as a whole.</param>
public sealed record SnapshotTask(
    TaskId TaskId,
    TaskType Type,
    Dialect Dialect,
    IReadOnlyList<NodeId> Nodes,
    IReadOnlyList<SnapshotOutcome> Outcomes,
    bool Finished,
    string? Error);

/// <summary>A node's part of a task.</summary>
/// <param name="Error">Null: good.</param>
public sealed record SnapshotOutcome(NodeId NodeId, string? Error);

/// <summary>An undeployment.</summary>
/// <param name="Nodes">The nodes that were asked.</param>
/// <param name="Results">Those that have answered.</param>
public sealed record SnapshotUndeployment(
    CommandId CommandId,
    long PlanVersion,
    Dialect Dialect,
    IReadOnlyList<NodeId> Nodes,
    IReadOnlyList<SnapshotResult> Results);

/// <summary>A node's answer to an undeployment.</summary>
/// <param name="WasLoaded">False when it did not have the model.</param>
public sealed record SnapshotResult(NodeId NodeId, bool WasLoaded);
