using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Commands of ModelActor.</summary>
internal static class ModelCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.RegisterModel, Wire.RegisterModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.RegisterModelMeta, Wire.RegisterModelMeta.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.PrepareChunk, Wire.PrepareChunk.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeployModel, Wire.DeployModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.UndeployModel, Wire.UndeployModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeleteModel, Wire.DeleteModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GetModel, Wire.GetModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ReconcileModel, Wire.ReconcileModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ReportNodeDeployment, Wire.ReportNodeDeployment.Parser, ToWire, ToRecord),
    ];

    private static Wire.RegisterModel ToWire(RegisterModel command) => new()
    {
        ModelId = command.ModelId.Value,
        TaskId = command.TaskId.Value,
        Spec = command.Spec.ToWire(),
        Url = command.Url,
        Sha256 = command.Sha256,
        Deploy = command.Deploy?.ToWire(),
        Dialect = FromEnum(command.Dialect),
    };

    private static RegisterModel ToRecord(Wire.RegisterModel wire) => new(
        new ModelId(wire.ModelId),
        new TaskId(wire.TaskId),
        Required(wire.Spec).ToRecord(),
        wire.Url,
        wire.Sha256,
        wire.Deploy?.ToRecord(),
        ToEnum<Dialect>(wire.Dialect));

    private static Wire.RegisterModelMeta ToWire(RegisterModelMeta command) => new()
    {
        ModelId = command.ModelId.Value,
        Spec = command.Spec.ToWire(),
        TotalChunks = command.TotalChunks,
        SizeBytes = command.SizeBytes,
        Sha256 = command.Sha256,
        Dialect = FromEnum(command.Dialect),
    };

    private static RegisterModelMeta ToRecord(Wire.RegisterModelMeta wire) => new(
        new ModelId(wire.ModelId),
        Required(wire.Spec).ToRecord(),
        wire.TotalChunks,
        wire.SizeBytes,
        wire.Sha256,
        ToEnum<Dialect>(wire.Dialect));

    private static Wire.PrepareChunk ToWire(PrepareChunk command) =>
        new() { ModelId = command.ModelId.Value, ChunkNumber = command.ChunkNumber };

    private static PrepareChunk ToRecord(Wire.PrepareChunk wire) => new(new ModelId(wire.ModelId), wire.ChunkNumber);

    private static Wire.DeployModel ToWire(DeployModel command) => new()
    {
        ModelId = command.ModelId.Value,
        TaskId = command.TaskId.Value,
        NodeIds = { command.NodeIds },
        Dialect = FromEnum(command.Dialect),
    };

    private static DeployModel ToRecord(Wire.DeployModel wire) => new(
        new ModelId(wire.ModelId), new TaskId(wire.TaskId), [.. wire.NodeIds], ToEnum<Dialect>(wire.Dialect));

    private static Wire.UndeployModel ToWire(UndeployModel command) => new()
    {
        ModelId = command.ModelId.Value,
        CommandId = command.CommandId.Value,
        NodeIds = { command.NodeIds },
        Dialect = FromEnum(command.Dialect),
    };

    private static UndeployModel ToRecord(Wire.UndeployModel wire) => new(
        new ModelId(wire.ModelId), new CommandId(wire.CommandId), [.. wire.NodeIds], ToEnum<Dialect>(wire.Dialect));

    private static Wire.DeleteModel ToWire(DeleteModel command) =>
        new() { ModelId = command.ModelId.Value, CommandId = command.CommandId.Value };

    private static DeleteModel ToRecord(Wire.DeleteModel wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.CommandId));

    private static Wire.GetModel ToWire(GetModel command) => new() { ModelId = command.ModelId.Value };

    private static GetModel ToRecord(Wire.GetModel wire) => new(new ModelId(wire.ModelId));

    private static Wire.ReconcileModel ToWire(ReconcileModel command) => new() { ModelId = command.ModelId.Value };

    private static ReconcileModel ToRecord(Wire.ReconcileModel wire) => new(new ModelId(wire.ModelId));

    private static Wire.ReportNodeDeployment ToWire(ReportNodeDeployment command) => new()
    {
        ModelId = command.ModelId.Value,
        NodeId = command.NodeId.Value,
        Incarnation = command.Incarnation,
        PlanVersion = command.PlanVersion,
        Status = FromEnum(command.Status),
        Error = command.Error,
        NoRoom = command.NoRoom,
        ModelBytes = command.ModelBytes,
    };

    private static ReportNodeDeployment ToRecord(Wire.ReportNodeDeployment wire) => new(
        new ModelId(wire.ModelId),
        new NodeId(wire.NodeId),
        wire.Incarnation,
        wire.PlanVersion,
        ToEnum<NodeDeploymentStatus>(wire.Status),
        wire.Error,
        wire.NoRoom,
        wire.ModelBytes);
}
