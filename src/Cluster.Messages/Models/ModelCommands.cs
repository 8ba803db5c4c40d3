namespace MlCluster.Messages.Models;

/// <summary>Commands of ModelActor; each is idempotent: sent twice, it acts once and answers the same.</summary>
public interface IModelCommand : IWithModelId;

/// <summary>Starts an upload by URL. Answer: <see cref="ModelAccepted"/> once model and task are durable.</summary>
/// <param name="TaskId">Task that tells the progress; idempotency key.</param>
/// <param name="Url">Where its archive lies; empty: a pretrained model, found by its name in the repository.</param>
/// <param name="Sha256">Expected hash, lower-case hex; null: computed, not checked.</param>
/// <param name="Deploy">Deployment to ask for when registered; null: none.</param>
public sealed record RegisterModel(
    ModelId ModelId, TaskId TaskId, ModelSpec Spec, string Url, string? Sha256, AutoDeploy? Deploy, Dialect Dialect)
    : IModelCommand;

/// <summary>A deployment that follows a registration.</summary>
/// <param name="TaskId">Its own task, not told to the client.</param>
/// <param name="NodeIds">Null or empty: all eligible nodes.</param>
public sealed record AutoDeploy(TaskId TaskId, IReadOnlyList<string> NodeIds);

/// <summary>Makes a model document whose content comes in chunks. Answer: <see cref="ModelAccepted"/>.</summary>
/// <param name="Sha256">Hash of the whole archive, lower-case hex.</param>
public sealed record RegisterModelMeta(
    ModelId ModelId, ModelSpec Spec, int TotalChunks, long? SizeBytes, string Sha256, Dialect Dialect)
    : IModelCommand;

/// <summary>Asks where chunk bytes go. Answer: <see cref="ChunkWriterReady"/> or <see cref="ModelRejected"/>.</summary>
public sealed record PrepareChunk(ModelId ModelId, int ChunkNumber) : IModelCommand;

/// <summary>Wants the model on nodes. Answer: <see cref="ModelAccepted"/> once the task exists.</summary>
/// <param name="TaskId">Idempotency key.</param>
/// <param name="NodeIds">Empty: every eligible node, now and later.</param>
public sealed record DeployModel(ModelId ModelId, TaskId TaskId, IReadOnlyList<string> NodeIds, Dialect Dialect)
    : IModelCommand;

/// <summary>Takes the model from nodes. Answer: <see cref="ModelUndeployed"/> when they gave it up.</summary>
/// <param name="NodeIds">Empty: all.</param>
public sealed record UndeployModel(
    ModelId ModelId, CommandId CommandId, IReadOnlyList<string> NodeIds, Dialect Dialect) : IModelCommand;

/// <summary>Changes what a registration said. Answer: <see cref="ModelUpdatedReply"/> once the nodes that have the
/// model go by it.</summary>
public sealed record UpdateModel(ModelId ModelId, CommandId CommandId, ModelChanges Changes) : IModelCommand;

/// <summary>What is to be changed; null: stays as it is.</summary>
/// <param name="Group">The group that the model goes to, and its version there.</param>
/// <param name="RateLimiter">Its fields that are set.</param>
/// <param name="Config">Its fields that are set; empty texts are not.</param>
public sealed record ModelChanges(
    string? Name,
    string? Description,
    GroupMembership? Group,
    bool? IsEnabled,
    RateLimiter? RateLimiter,
    ModelConfig? Config)
{
    /// <summary>Its fields that are set.</summary>
    public DeploySetting? DeploySetting { get; init; }

    /// <summary>Its schemas that are set.</summary>
    public ModelInterface? Interface { get; init; }
}

/// <summary>A model's place in a group.</summary>
/// <param name="Version">As the group counts.</param>
public sealed record GroupMembership(ModelGroupId GroupId, int Version);

/// <summary>Removes a model that no node holds. Answer: <see cref="ModelDeletedReply"/>.</summary>
public sealed record DeleteModel(ModelId ModelId, CommandId CommandId) : IModelCommand;

/// <summary>Asks for the document. Answer: <see cref="ModelDocument"/> or <see cref="ModelRejected"/>
/// (NotFound).</summary>
public sealed record GetModel(ModelId ModelId) : IModelCommand;

/// <summary>Compare wanted with actual and finish what is unfinished. No answer.</summary>
public sealed record ReconcileModel(ModelId ModelId) : IModelCommand;

/// <summary>A node's word on its part; re-sent until <see cref="NodeReportAcknowledged"/> comes.</summary>
/// <param name="Incarnation">The node process that speaks, so that a restarted node is not taken for the old
/// one.</param>
/// <param name="PlanVersion">Echo of <see cref="Loading.LoadModel.PlanVersion"/>.</param>
/// <param name="Error">Why it failed; null unless <see cref="NodeDeploymentStatus.Failed"/>.</param>
/// <param name="NoRoom">True: it failed because other models took the room, so it may be tried again later.</param>
/// <param name="ModelBytes">Size of the model's unpacked file; null: the node does not know it.</param>
public sealed record ReportNodeDeployment(
    ModelId ModelId,
    NodeId NodeId,
    long Incarnation,
    long PlanVersion,
    NodeDeploymentStatus Status,
    string? Error,
    bool NoRoom = false,
    long? ModelBytes = null) : IModelCommand;
