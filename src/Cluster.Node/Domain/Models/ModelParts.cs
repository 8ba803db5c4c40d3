using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Domain.Models;

/// <summary>Where an upload by URL comes from.</summary>
/// <param name="Url">Empty: the repository of pretrained models, where it is found by its name.</param>
/// <param name="Attempts">How often the download began.</param>
internal sealed record UrlOrigin(TaskId TaskId, string Url, string? Sha256, AutoDeploy? Deploy, int Attempts);

/// <summary>The archive as far as it is here.</summary>
/// <param name="Generation">Counts stored chunks: a verdict on an older set is not taken for one on this.</param>
/// <param name="Problem">What was wrong with the complete set.</param>
internal sealed record ContentState(
    int? TotalChunks,
    long? SizeBytes,
    string? Sha256,
    ImmutableSortedDictionary<int, ChunkRef> Chunks,
    long LastChunkTime,
    int Generation,
    string? Problem)
{
    public static ContentState Empty { get; } =
        new(null, null, null, ImmutableSortedDictionary<int, ChunkRef>.Empty, 0, 0, null);

    public bool HasAllChunks => TotalChunks is { } total && Chunks.Count == total;

    /// <summary>Size of the model's unpacked file; null until a node has unpacked it.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>Bytes that its memory is reckoned by: an archive may pack its model small.</summary>
    public long ReckonedBytes => Math.Max(SizeBytes ?? StoredBytes, ModelBytes ?? 0);

    public long StoredBytes => Chunks.Values.Sum(c => (long)c.LengthBytes);

    public IEnumerable<int> MissingChunks => Enumerable.Range(0, TotalChunks ?? 0).Where(n => !Chunks.ContainsKey(n));
}

/// <summary>Where the model is wanted; what is there is compared with it all the time.</summary>
/// <param name="Version">Grows with every change.</param>
/// <param name="ToAll">Every eligible node, now and later.</param>
internal sealed record DeploymentPlan(long Version, bool ToAll, ImmutableDictionary<NodeId, PlannedNode> Nodes)
{
    public static DeploymentPlan Empty { get; } = new(0, false, ImmutableDictionary<NodeId, PlannedNode>.Empty);

    /// <summary>Epoch milliseconds when someone first asked for what is wanted now; 0: nothing is.</summary>
    public long WantedSince { get; init; }

    public bool WantsAnything => ToAll || Nodes.Count > 0;

    public DeploymentPlan With(PlannedNode node) => this with { Nodes = Nodes.SetItem(node.NodeId, node) };
}

/// <summary>One wanted node.</summary>
/// <param name="Since">Version of the plan in which it was last asked; older words of the node do not count.</param>
/// <param name="Incarnation">The process that has the model; 0: none known.</param>
/// <param name="Error">Why it failed, or why nothing is loaded there though it is wanted.</param>
internal sealed record PlannedNode(
    NodeId NodeId, NodeDeploymentStatus Status, long Since, long Incarnation, string? Error)
{
    /// <summary>Error of a node that no process stands for.</summary>
    public const string Gone = "the node has left the cluster";

    /// <summary>Nothing is loaded there, for the reason in <see cref="Error"/>; it goes on by itself.</summary>
    public bool IsHeldUp => NodeDeployment.HoldsUp(Status, Error);

    /// <summary>Its process ended, or is out of sight, and no other one has come.</summary>
    public bool IsGone => IsHeldUp && Error == Gone;

    /// <summary>It had no room for the model.</summary>
    public bool WaitsForRoom => IsHeldUp && Error != Gone;

    /// <summary>Nothing of the model is there or on its way.</summary>
    public bool IsIdle => Status == NodeDeploymentStatus.Failed || IsHeldUp;

    /// <summary>Since when it has had no room, also while it is asked again; null: it is not known to have none.</summary>
    public HeldUpSpan? HeldUp { get; init; }

    public static PlannedNode Asked(NodeId node, long since) => new(node, NodeDeploymentStatus.Loading, since, 0, null);
}

/// <summary>A task that is to be told its end.</summary>
/// <param name="Nodes">Nodes that a deployment waits for.</param>
/// <param name="Outcomes">Nodes whose part ended; the value is the error, null: good.</param>
/// <param name="Finished">True when the task as a whole ended.</param>
/// <param name="Error">Why it failed as a whole.</param>
internal sealed record OwedTask(
    TaskId TaskId,
    TaskType Type,
    Dialect Dialect,
    IReadOnlyList<NodeId> Nodes,
    ImmutableDictionary<NodeId, string?> Outcomes,
    bool Finished,
    string? Error)
{
    public static OwedTask Start(TaskId task, TaskType type, Dialect dialect, IReadOnlyList<NodeId> nodes) =>
        new(task, type, dialect, nodes, ImmutableDictionary<NodeId, string?>.Empty, Finished: false, null);

    /// <summary>True when its end is known.</summary>
    public bool IsDecided =>
        Finished || (Type == TaskType.DeployModel && Nodes.All(Outcomes.ContainsKey));

    public OwedTask Finish(string? error) => IsDecided ? this : this with { Finished = true, Error = error };

    public OwedTask NodeEnded(NodeId node, string? error) =>
        Finished || !Nodes.Contains(node) || Outcomes.ContainsKey(node)
            ? this
            : this with { Outcomes = Outcomes.Add(node, error) };
}

/// <summary>An undeployment and what the asked nodes said.</summary>
/// <param name="PlanVersion">Echoed by the nodes.</param>
/// <param name="Results">Nodes that do not have the model any more; false: it did not have it.</param>
internal sealed record Undeployment(
    CommandId CommandId,
    long PlanVersion,
    Dialect Dialect,
    IReadOnlyList<NodeId> Nodes,
    ImmutableDictionary<NodeId, bool> Results)
{
    public IEnumerable<NodeId> Waiting => Nodes.Where(n => !Results.ContainsKey(n));

    public bool IsDone => Nodes.All(Results.ContainsKey);
}
