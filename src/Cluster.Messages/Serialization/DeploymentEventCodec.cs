using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Events of a model: where it is wanted and where it is.</summary>
internal static class DeploymentEventCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.DeploymentRequested, Wire.DeploymentRequested.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeploymentRefused, Wire.DeploymentRefused.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeploymentPlanChanged, Wire.DeploymentPlanChanged.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NodeDeploymentReported, Wire.NodeDeploymentReported.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NodeDeploymentLost, Wire.NodeDeploymentLost.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.UndeploymentRequested, Wire.UndeploymentRequested.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NodeUndeployed, Wire.NodeUndeployed.Parser, ToWire, ToRecord),
    ];

    private static Wire.DeploymentRequested ToWire(DeploymentRequested stored) => new()
    {
        ModelId = stored.ModelId.Value,
        TaskId = stored.TaskId.Value,
        PlanVersion = stored.PlanVersion,
        Nodes = { stored.Nodes.Select(node => node.Value) },
        ToAll = stored.ToAll,
        Dialect = FromEnum(stored.Dialect),
        Time = stored.Time,
    };

    private static DeploymentRequested ToRecord(Wire.DeploymentRequested wire) => new(
        new ModelId(wire.ModelId),
        new TaskId(wire.TaskId),
        wire.PlanVersion,
        [.. wire.Nodes.Select(node => new NodeId(node))],
        wire.ToAll,
        ToEnum<Dialect>(wire.Dialect),
        wire.Time);

    private static Wire.DeploymentRefused ToWire(DeploymentRefused stored) => new()
    {
        ModelId = stored.ModelId.Value,
        TaskId = stored.TaskId.Value,
        Nodes = { stored.Nodes.Select(node => node.Value) },
        Reason = stored.Reason,
        Dialect = FromEnum(stored.Dialect),
        Time = stored.Time,
    };

    private static DeploymentRefused ToRecord(Wire.DeploymentRefused wire) => new(
        new ModelId(wire.ModelId),
        new TaskId(wire.TaskId),
        [.. wire.Nodes.Select(node => new NodeId(node))],
        wire.Reason,
        ToEnum<Dialect>(wire.Dialect),
        wire.Time);

    private static Wire.DeploymentPlanChanged ToWire(DeploymentPlanChanged stored) => new()
    {
        ModelId = stored.ModelId.Value,
        PlanVersion = stored.PlanVersion,
        Added = { stored.Added.Select(node => node.Value) },
        Removed = { stored.Removed.Select(node => node.Value) },
        Time = stored.Time,
    };

    private static DeploymentPlanChanged ToRecord(Wire.DeploymentPlanChanged wire) => new(
        new ModelId(wire.ModelId),
        wire.PlanVersion,
        [.. wire.Added.Select(node => new NodeId(node))],
        [.. wire.Removed.Select(node => new NodeId(node))],
        wire.Time);

    private static Wire.NodeDeploymentReported ToWire(NodeDeploymentReported stored) => new()
    {
        ModelId = stored.ModelId.Value,
        NodeId = stored.NodeId.Value,
        Incarnation = stored.Incarnation,
        Status = FromEnum(stored.Status),
        Error = stored.Error,
        Time = stored.Time,
        ModelBytes = stored.ModelBytes,
    };

    private static NodeDeploymentReported ToRecord(Wire.NodeDeploymentReported wire) => new(
        new ModelId(wire.ModelId),
        new NodeId(wire.NodeId),
        wire.Incarnation,
        ToEnum<NodeDeploymentStatus>(wire.Status),
        wire.Error,
        wire.Time)
    {
        ModelBytes = wire.ModelBytes,
    };

    private static Wire.NodeDeploymentLost ToWire(NodeDeploymentLost stored) =>
        new() { ModelId = stored.ModelId.Value, NodeId = stored.NodeId.Value, Left = stored.Left, Time = stored.Time };

    private static NodeDeploymentLost ToRecord(Wire.NodeDeploymentLost wire) =>
        new(new ModelId(wire.ModelId), new NodeId(wire.NodeId), wire.Left, wire.Time);

    private static Wire.UndeploymentRequested ToWire(UndeploymentRequested stored) => new()
    {
        ModelId = stored.ModelId.Value,
        CommandId = stored.CommandId.Value,
        PlanVersion = stored.PlanVersion,
        Nodes = { stored.Nodes.Select(node => node.Value) },
        Dialect = FromEnum(stored.Dialect),
        Time = stored.Time,
    };

    private static UndeploymentRequested ToRecord(Wire.UndeploymentRequested wire) => new(
        new ModelId(wire.ModelId),
        new CommandId(wire.CommandId),
        wire.PlanVersion,
        [.. wire.Nodes.Select(node => new NodeId(node))],
        ToEnum<Dialect>(wire.Dialect),
        wire.Time);

    private static Wire.NodeUndeployed ToWire(NodeUndeployed stored) => new()
    {
        ModelId = stored.ModelId.Value,
        CommandId = stored.CommandId.Value,
        NodeId = stored.NodeId.Value,
        WasLoaded = stored.WasLoaded,
        Time = stored.Time,
    };

    private static NodeUndeployed ToRecord(Wire.NodeUndeployed wire) => new(
        new ModelId(wire.ModelId),
        new CommandId(wire.CommandId),
        new NodeId(wire.NodeId),
        wire.WasLoaded,
        wire.Time);
}
