using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Domain.Models;

/// <summary>What a decision may look at beside the state.</summary>
/// <param name="Now">Epoch milliseconds.</param>
/// <param name="Nodes">Nodes that may be given a model.</param>
/// <param name="Lost">Wanted nodes that have been away for too long.</param>
/// <param name="FreeDiskBytes">Free space where this node keeps its data; null: unknown.</param>
internal sealed record ModelContext(
    long Now, IReadOnlyList<NodeFacts> Nodes, IReadOnlySet<NodeId> Lost, long? FreeDiskBytes, ModelLimits Limits)
{
    /// <summary>Nodes that may be given a model once they can be reached again; until then nobody knows.</summary>
    public IReadOnlySet<NodeId> Unreachable { get; init; } = new HashSet<NodeId>();

    /// <summary>Epoch milliseconds when the download last moved; null: none runs on this node.</summary>
    public long? LastProgress { get; init; }

    /// <summary>Nodes that have said that they go by the model's rules for predictions as they are now.</summary>
    public IReadOnlySet<NodeId> RuledNodes { get; init; } = new HashSet<NodeId>();

    /// <summary>Whether this node knows a repository of pretrained models.</summary>
    public bool HasRepository { get; init; }

    /// <summary>How the model would be placed as the cluster is; all other models stay where they are.</summary>
    public PlacementPlan Place(WantedModel wanted) =>
        DeploymentPlanner.PlanOne([.. Nodes.Select(n => n.Placement)], wanted, Limits.Placement);

    public NodeFacts? Find(NodeId node) => Nodes.FirstOrDefault(n => n.NodeId == node);
}

/// <summary>An eligible node as the cluster sees it.</summary>
/// <param name="Incarnation">Its process.</param>
/// <param name="Serves">True when it says that it serves this model.</param>
internal sealed record NodeFacts(NodeId NodeId, long Incarnation, string Address, bool Serves)
{
    private readonly PlacementNode? _placement;

    /// <summary>What it has and takes; by default it takes anything.</summary>
    public PlacementNode Placement
    {
        get => _placement ?? new(NodeId, NodeId.Value, int.MaxValue, null, []);
        init => _placement = value;
    }
}

/// <summary>Limits of models; sizes in bytes.</summary>
internal sealed record ModelLimits
{
    public int MaxChunkBytes { get; init; } = 10_000_000;

    public long MaxModelBytes { get; init; } = ContentRules.MostBytes;

    public int MaxChunks { get; init; } = 10_000;

    public int MaxDownloadStarts { get; init; } = 10;

    public TimeSpan UploadExpiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>What a task tells of ends with it after so long without progress.</summary>
    public TimeSpan TaskTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>A node without room is asked again after so long, if there seems to be some; then after twice …</summary>
    public TimeSpan RoomRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>… and at most after so long.</summary>
    public TimeSpan MaxRoomRetry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Events after which all that is known is written down as one.</summary>
    public int SnapshotAfter { get; init; } = 200;

    public long DiskFreeThresholdBytes { get; init; } = 5L << 30;

    public PlacementRules Placement { get; init; } = PlacementRules.Default;

    /// <summary>Whether models come back by themselves on nodes that restart or join
    /// (<c>model_auto_redeploy.enable</c>).</summary>
    public bool RedeploysByItself { get; init; } = true;
}

/// <summary>What a command leads to: events first, then the answer.</summary>
internal sealed record ModelDecision(Answer Answer, IReadOnlyList<IModelEvent> Events)
{
    public static ModelDecision Nothing { get; } = new(Answer.None, []);

    public static ModelDecision Reply(IModelReply reply, params IReadOnlyList<IModelEvent> events) =>
        new(new Answer.Now(reply), events);

    public static ModelDecision Reject(ModelId model, ErrorCode code, string reason) =>
        Reply(new ModelRejected(model, new ProtocolError(code, reason)));

    public static ModelDecision Silent(params IReadOnlyList<IModelEvent> events) => new(Answer.None, events);
}

/// <summary>When and what a caller is answered.</summary>
internal abstract record Answer
{
    public static Answer None { get; } = new Nobody();

    /// <summary>When what is left of an earlier model of the same id has gone: then it is decided again.</summary>
    public static Answer AfterPurge { get; } = new WhenPurged();

    /// <summary>As soon as the events are durable.</summary>
    internal sealed record Now(IModelReply Reply) : Answer;

    /// <summary>Accepted, when the task exists.</summary>
    internal sealed record WhenTaskExists(TaskId TaskId) : Answer;

    /// <summary>When the asked nodes have given the model up.</summary>
    internal sealed record WhenUndeployed(CommandId CommandId) : Answer;

    /// <summary>When the nodes that have the model go by its rules.</summary>
    internal sealed record WhenRulesApply(IModelReply Reply) : Answer;

    private sealed record WhenPurged : Answer;

    private sealed record Nobody : Answer;
}
