using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Domain.Models;

/// <summary>Where a model is in its life.</summary>
internal enum ModelPhase
{
    /// <summary>No event has been seen.</summary>
    Unknown,

    /// <summary>Its archive is being fetched from a URL.</summary>
    Downloading,

    /// <summary>Its archive comes in chunks.</summary>
    Collecting,

    /// <summary>Its archive is complete and good.</summary>
    Registered,

    /// <summary>Its document is gone; chunks and what tasks are owed are being cleared.</summary>
    Gone,

    /// <summary>Nothing is left of it but the answer to a repeated command and its numbers; the id may be used again.
    /// </summary>
    Purged,
}

/// <summary>All that is known of one model: the fold of its events.</summary>
internal sealed record ModelState
{
    public static ModelState Unknown { get; } = new();

    public ModelPhase Phase { get; init; }

    /// <summary>Null only before the first event and after the purge.</summary>
    public ModelSpec? Spec { get; init; }

    public Dialect Dialect { get; init; }

    /// <summary>How many versions the document had, those of earlier models of the same id included.</summary>
    public long Version { get; init; }

    public ModelTimes Times { get; init; } = new(0, 0, null, null, null);

    /// <summary>Null for an upload by chunks.</summary>
    public UrlOrigin? Origin { get; init; }

    public ContentState Content { get; init; } = ContentState.Empty;

    public DeploymentPlan Plan { get; init; } = DeploymentPlan.Empty;

    /// <summary>Tasks that do not know their end yet.</summary>
    public ImmutableDictionary<TaskId, OwedTask> Tasks { get; init; } = ImmutableDictionary<TaskId, OwedTask>.Empty;

    /// <summary>The latest tasks that do, oldest first: their commands may be repeated.</summary>
    public ImmutableList<TaskId> SettledTasks { get; init; } = [];

    /// <summary>The latest undeployments, oldest first.</summary>
    public ImmutableList<Undeployment> Undeployments { get; init; } = [];

    /// <summary>What came of changes to the registration.</summary>
    public UpdateState Updates { get; init; } = UpdateState.None;

    /// <summary>Which predictions nodes let through; once there is a registration.</summary>
    public ServingRules Rules => new(Updates.RulesVersion, Spec!.IsEnabled ?? true, Spec.RateLimiter)
    {
        HasInterface = Spec.Interface is not null,
    };

    /// <summary>The command that deleted it, or the one before it of the same id: it may be repeated.</summary>
    public CommandId? DeletedBy { get; init; }

    /// <summary>True while clients see a document.</summary>
    public bool Exists => Phase is ModelPhase.Downloading or ModelPhase.Collecting or ModelPhase.Registered;

    /// <summary>The model as the planner sees it, wanted on these nodes.</summary>
    public WantedModel WantedOn(ModelId model, IReadOnlyCollection<NodeId> nodes, long since) =>
        new(model, Content.ReckonedBytes, ToAll: false, nodes, since);

    /// <summary>The model as the planner sees it.</summary>
    public WantedModel Wanted(ModelId model) =>
        WantedOn(model, [.. Plan.Nodes.Keys], Plan.WantedSince) with { ToAll = Plan.ToAll };

    /// <summary>True while a task waits for the node's part of a deployment.</summary>
    public bool IsAwaited(NodeId node) =>
        Tasks.Values.Any(t => !t.IsDecided && t.Nodes.Contains(node) && !t.Outcomes.ContainsKey(node));

    public bool KnowsTask(TaskId task) => Tasks.ContainsKey(task) || SettledTasks.Contains(task);
}
