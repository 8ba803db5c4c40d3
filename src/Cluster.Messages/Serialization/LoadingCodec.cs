using MlCluster.Messages.Loading;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Between ModelActor and the ml nodes.</summary>
internal static class LoadingCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.LoadModel, Wire.LoadModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.UnloadModel, Wire.UnloadModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelUnloaded, Wire.ModelUnloaded.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ApplyServingRules, Wire.ApplyServingRules.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ServingRulesApplied, Wire.ServingRulesApplied.Parser, ToWire, ToRecord),
    ];

    private static Wire.LoadModel ToWire(LoadModel command) => new()
    {
        ModelId = command.ModelId.Value,
        PlanVersion = command.PlanVersion,
        TaskId = command.TaskId?.Value,
        Spec = command.Spec.ToWire(),
        Sha256 = command.Sha256,
        SizeBytes = command.SizeBytes,
        Chunks = { command.Chunks.Select(SharedCodec.ToWire) },
        Rules = command.Rules?.ToWire(),
    };

    private static LoadModel ToRecord(Wire.LoadModel wire) => new(
        new ModelId(wire.ModelId),
        wire.PlanVersion,
        wire.TaskId is { } task ? new TaskId(task) : null,
        Required(wire.Spec).ToRecord(),
        wire.Sha256,
        wire.SizeBytes,
        [.. wire.Chunks.Select(SharedCodec.ToRecord)])
    {
        Rules = wire.Rules?.ToRecord(),
    };

    private static Wire.ApplyServingRules ToWire(ApplyServingRules command) =>
        new() { ModelId = command.ModelId.Value, Rules = command.Rules.ToWire() };

    private static ApplyServingRules ToRecord(Wire.ApplyServingRules wire) =>
        new(new ModelId(wire.ModelId), Required(wire.Rules).ToRecord());

    private static Wire.ServingRulesApplied ToWire(ServingRulesApplied reply) => new()
    {
        ModelId = reply.ModelId.Value, NodeId = reply.NodeId.Value, RulesVersion = reply.RulesVersion,
    };

    private static ServingRulesApplied ToRecord(Wire.ServingRulesApplied wire) =>
        new(new ModelId(wire.ModelId), new NodeId(wire.NodeId), wire.RulesVersion);

    private static Wire.UnloadModel ToWire(UnloadModel command) =>
        new() { ModelId = command.ModelId.Value, PlanVersion = command.PlanVersion };

    private static UnloadModel ToRecord(Wire.UnloadModel wire) => new(new ModelId(wire.ModelId), wire.PlanVersion);

    private static Wire.ModelUnloaded ToWire(ModelUnloaded reply) => new()
    {
        ModelId = reply.ModelId.Value,
        NodeId = reply.NodeId.Value,
        PlanVersion = reply.PlanVersion,
        WasLoaded = reply.WasLoaded,
    };

    private static ModelUnloaded ToRecord(Wire.ModelUnloaded wire) =>
        new(new ModelId(wire.ModelId), new NodeId(wire.NodeId), wire.PlanVersion, wire.WasLoaded);
}
