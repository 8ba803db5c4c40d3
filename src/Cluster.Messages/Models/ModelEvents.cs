namespace MlCluster.Messages.Models;

/// <summary>What the journal of a model keeps; the state is their fold and nothing else.</summary>
public interface IModelEvent : IPersistedEvent, IWithModelId
{
    /// <summary>Epoch milliseconds.</summary>
    long Time { get; }
}

/// <summary>An upload by URL was accepted.</summary>
/// <param name="TaskId">The task that tells of it.</param>
/// <param name="Url">Empty: a pretrained model, found by its name.</param>
/// <param name="Sha256">Expected hash, lower-case hex; null: not checked.</param>
public sealed record ModelRegistrationStarted(
    ModelId ModelId,
    TaskId TaskId,
    ModelSpec Spec,
    string Url,
    string? Sha256,
    AutoDeploy? Deploy,
    Dialect Dialect,
    long Time) : IModelEvent;

/// <summary>The download began, for the n-th time; chunks of earlier attempts count no more.</summary>
/// <param name="Attempt">1-based.</param>
public sealed record ModelDownloadStarted(ModelId ModelId, int Attempt, long Time) : IModelEvent;

/// <summary>The repository has the pretrained model that is being fetched.</summary>
/// <param name="Spec">What was asked for and what the repository says of it.</param>
/// <param name="Sha256">Hash that its archive has to have, lower-case hex.</param>
public sealed record PretrainedModelFound(ModelId ModelId, ModelSpec Spec, string Sha256, long Time) : IModelEvent;

/// <summary>A model whose content comes in chunks was accepted.</summary>
/// <param name="Sha256">Hash of the whole archive, lower-case hex.</param>
public sealed record ModelMetaRegistered(
    ModelId ModelId, ModelSpec Spec, int TotalChunks, long? SizeBytes, string Sha256, Dialect Dialect, long Time)
    : IModelEvent;

/// <summary>A chunk's bytes are in the chunk journal; replaces an earlier chunk of the same number.</summary>
public sealed record ChunkStored(ModelId ModelId, ChunkRef Chunk, long Time) : IModelEvent;

/// <summary>The content is complete and good.</summary>
public sealed record ModelRegistered(ModelId ModelId, long SizeBytes, string Sha256, int TotalChunks, long Time)
    : IModelEvent;

/// <summary>All chunks are there and together they are wrong; chunks may be sent again.</summary>
public sealed record ModelContentRefused(ModelId ModelId, string Reason, long Time) : IModelEvent;

/// <summary>An upload by URL failed: the document is gone, its task fails with the reason.</summary>
public sealed record ModelRegistrationFailed(ModelId ModelId, string Reason, long Time) : IModelEvent;

/// <summary>Someone wants the model on nodes.</summary>
/// <param name="PlanVersion">The plan's new version.</param>
/// <param name="Nodes">The nodes that the task waits for; each enters the plan.</param>
/// <param name="ToAll">True: nodes that join later enter the plan too.</param>
public sealed record DeploymentRequested(
    ModelId ModelId,
    TaskId TaskId,
    long PlanVersion,
    IReadOnlyList<NodeId> Nodes,
    bool ToAll,
    Dialect Dialect,
    long Time) : IModelEvent;

/// <summary>A deployment that cannot be: its task is made and fails with the reason; the plan stays as it
/// was.</summary>
/// <param name="Nodes">The nodes it would have used.</param>
public sealed record DeploymentRefused(
    ModelId ModelId, TaskId TaskId, IReadOnlyList<NodeId> Nodes, string Reason, Dialect Dialect, long Time)
    : IModelEvent;

/// <summary>Nodes joined or left a plan that wants every node, or have room now and are asked again.</summary>
/// <param name="PlanVersion">The plan's new version.</param>
public sealed record DeploymentPlanChanged(
    ModelId ModelId, long PlanVersion, IReadOnlyList<NodeId> Added, IReadOnlyList<NodeId> Removed, long Time)
    : IModelEvent;

/// <summary>A wanted node said what it is.</summary>
/// <param name="Incarnation">The process that said so.</param>
/// <param name="Error">Why it failed or, with status Loading, why it has no room now.</param>
public sealed record NodeDeploymentReported(
    ModelId ModelId, NodeId NodeId, long Incarnation, NodeDeploymentStatus Status, string? Error, long Time)
    : IModelEvent
{
    /// <summary>Size of the model's unpacked file; null: not known, or of a time that did not say it.</summary>
    public long? ModelBytes { get; init; }
}

/// <summary>What a wanted node had is gone: its process ended. It stays wanted.</summary>
/// <param name="Left">True: no new process of the node is there, so tasks that wait for it count it as failed; false:
/// there is one.</param>
public sealed record NodeDeploymentLost(ModelId ModelId, NodeId NodeId, bool Left, long Time) : IModelEvent;

/// <summary>Someone wants the model off nodes; they leave the plan at once.</summary>
/// <param name="PlanVersion">The plan's new version.</param>
/// <param name="Nodes">The nodes that are asked to give it up.</param>
public sealed record UndeploymentRequested(
    ModelId ModelId, CommandId CommandId, long PlanVersion, IReadOnlyList<NodeId> Nodes, Dialect Dialect, long Time)
    : IModelEvent;

/// <summary>One asked node does not have the model any more.</summary>
/// <param name="WasLoaded">False when it did not have it.</param>
public sealed record NodeUndeployed(ModelId ModelId, CommandId CommandId, NodeId NodeId, bool WasLoaded, long Time)
    : IModelEvent;

/// <summary>Someone changed what the registration said.</summary>
/// <param name="Spec">All that it says now.</param>
public sealed record ModelUpdated(ModelId ModelId, CommandId CommandId, ModelSpec Spec, long Time) : IModelEvent;

/// <summary>Every node that has the model goes by its rules.</summary>
/// <param name="RulesVersion">Which rules: <see cref="ServingRules.Version"/>.</param>
public sealed record ServingRulesSettled(ModelId ModelId, long RulesVersion, long Time) : IModelEvent;

/// <summary>The task knows its end: nothing is owed to it any more.</summary>
public sealed record TaskSettled(ModelId ModelId, TaskId TaskId, long Time) : IModelEvent;

/// <summary>Someone deleted the model; its chunks and its journal are about to go.</summary>
/// <param name="Version">How many versions its document had, this one included.</param>
public sealed record ModelDeleted(ModelId ModelId, CommandId CommandId, long Version, long Time) : IModelEvent;

/// <summary>An upload by chunks was given up because none came for too long.</summary>
public sealed record ModelExpired(ModelId ModelId, long Time) : IModelEvent;

/// <summary>Chunks are gone and every task knows; all earlier events may go: this one alone says what was.</summary>
/// <param name="RegistrationTask">Task of the upload by URL; its command is still answered.</param>
/// <param name="DeletedBy">The delete command; it is still answered.</param>
/// <param name="Version">How many versions its document had; a later model of the same id goes on from it.</param>
public sealed record ModelPurged(
    ModelId ModelId, TaskId? RegistrationTask, CommandId? DeletedBy, long Version, long Time) : IModelEvent;
