using MlCluster.Messages.Models;

namespace MlCluster.Messages.Loading;

/// <summary>ModelActor → ModelHostActor: have this model. Idempotent; answered by
/// <see cref="ReportNodeDeployment"/>.</summary>
/// <param name="PlanVersion">Grows with every change of the plan; an older command never undoes a newer one.</param>
/// <param name="TaskId">Task that wants progress; null for a load after a restart.</param>
/// <param name="Chunks">The manifest, in order of chunk numbers; the bytes are read from the chunk journal.</param>
public sealed record LoadModel(
    ModelId ModelId,
    long PlanVersion,
    TaskId? TaskId,
    ModelSpec Spec,
    string Sha256,
    long SizeBytes,
    IReadOnlyList<ChunkRef> Chunks) : IWithModelId
{
    /// <summary>What predictions are let through; null: all.</summary>
    public ServingRules? Rules { get; init; }
}

/// <summary>ModelActor → ModelHostActor: from now on predictions go by these rules. Idempotent; older ones never undo
/// newer ones. Answer: <see cref="ServingRulesApplied"/>, also where the model is not.</summary>
public sealed record ApplyServingRules(ModelId ModelId, ServingRules Rules) : IWithModelId;

/// <summary>The node goes by these rules, or by newer ones.</summary>
public sealed record ServingRulesApplied(ModelId ModelId, NodeId NodeId, long RulesVersion) : IWithModelId;

/// <summary>ModelActor → ModelHostActor: give this model up. Answer: <see cref="ModelUnloaded"/>.</summary>
public sealed record UnloadModel(ModelId ModelId, long PlanVersion) : IWithModelId;

/// <summary>The node does not have the model any more; new requests are refused, running ones have ended.</summary>
/// <param name="WasLoaded">False when it did not have it.</param>
public sealed record ModelUnloaded(ModelId ModelId, NodeId NodeId, long PlanVersion, bool WasLoaded) : IWithModelId;
