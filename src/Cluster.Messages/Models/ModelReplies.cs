namespace MlCluster.Messages.Models;

/// <summary>Answers of ModelActor.</summary>
public interface IModelReply : IWithModelId;

/// <summary>The command is durable.</summary>
public sealed record ModelAccepted(ModelId ModelId) : IModelReply;

/// <summary>The command was refused; nothing changed.</summary>
public sealed record ModelRejected(ModelId ModelId, ProtocolError Error) : IModelReply;

/// <summary>Where the segments of a chunk go.</summary>
/// <param name="WriterPath">Full actor path, with address.</param>
public sealed record ChunkWriterReady(ModelId ModelId, string WriterPath) : IModelReply;

/// <summary>What each asked node did.</summary>
/// <param name="Removed">Node id → true when it gave the model up, false when it did not have it.</param>
public sealed record ModelUndeployed(ModelId ModelId, IReadOnlyDictionary<string, bool> Removed, Dialect Dialect)
    : IModelReply;

/// <summary>The document is as it was wanted.</summary>
/// <param name="Version">How many versions it had, this one included.</param>
/// <param name="Changed">False: it was so already.</param>
public sealed record ModelUpdatedReply(ModelId ModelId, long Version, bool Changed) : IModelReply;

/// <summary>The model is gone.</summary>
/// <param name="Version">How many versions its document had, this one included.</param>
public sealed record ModelDeletedReply(ModelId ModelId, long Version) : IModelReply;

/// <summary>The node's word is durable, or of no consequence any more (a deleted model, an older plan).</summary>
/// <param name="Status">Echo of the report: a late word on Loading does not stop the one on Loaded.</param>
public sealed record NodeReportAcknowledged(
    ModelId ModelId, NodeId NodeId, long PlanVersion, NodeDeploymentStatus Status) : IModelReply;

/// <summary>The stored document (contract 10.1); times are epoch milliseconds.</summary>
/// <param name="Dialect">The route that last acted.</param>
/// <param name="Version">How many versions it had.</param>
/// <param name="Nodes">Every wanted node and what it is.</param>
public sealed record ModelDocument(
    ModelId ModelId,
    ModelSpec Spec,
    ModelStatus Status,
    Dialect Dialect,
    long Version,
    ModelContent Content,
    ModelTimes Times,
    bool DeployToAllNodes,
    IReadOnlyList<NodeDeployment> Nodes) : IModelReply
{
    /// <summary>Whether it has a controller; null: it never had one.</summary>
    public bool? IsControllerEnabled { get; init; }
}

/// <summary>The archive as far as it is known.</summary>
/// <param name="ReceivedChunks">How many chunks are stored.</param>
public sealed record ModelContent(long? SizeBytes, string? Sha256, int? TotalChunks, int ReceivedChunks)
{
    /// <summary>What is wrong with the archive though all its chunks are there; null: nothing that is known.</summary>
    public string? Problem { get; init; }
}

/// <summary>Epoch milliseconds; null: never.</summary>
public sealed record ModelTimes(
    long Created, long LastUpdated, long? LastRegistered, long? LastDeployed, long? LastUndeployed);

/// <summary>One wanted node.</summary>
/// <param name="Error">Why it failed, or why it is held up; else null.</param>
public sealed record NodeDeployment(NodeId NodeId, NodeDeploymentStatus Status, string? Error)
{
    /// <summary>Nothing is loaded there now, for the reason in <see cref="Error"/>: the node is away or has no room. It
    /// goes on by itself.</summary>
    public bool IsHeldUp => HoldsUp(Status, Error);

    /// <summary>Tells a node that is held up from one that loads.</summary>
    public static bool HoldsUp(NodeDeploymentStatus status, string? error) =>
        status == NodeDeploymentStatus.Loading && error is not null;
}
