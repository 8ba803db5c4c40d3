using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>The tasks and undeployments of a model's snapshot.</summary>
internal static class SnapshotWorkCodec
{
    public static Wire.SnapshotWork ToWire(this SnapshotWork work) => new()
    {
        Tasks = { work.Tasks.Select(ToWire) },
        Settled = { work.Settled.Select(task => task.Value) },
        Undeployments = { work.Undeployments.Select(ToWire) },
        DeletedBy = work.DeletedBy?.Value,
    };

    public static SnapshotWork ToRecord(this Wire.SnapshotWork wire) => new(
        [.. wire.Tasks.Select(ToRecord)],
        [.. wire.Settled.Select(task => new TaskId(task))],
        [.. wire.Undeployments.Select(ToRecord)])
    {
        DeletedBy = wire.DeletedBy is { } command ? new CommandId(command) : null,
    };

    private static Wire.SnapshotTask ToWire(SnapshotTask task) => new()
    {
        TaskId = task.TaskId.Value,
        Type = FromEnum(task.Type),
        Dialect = FromEnum(task.Dialect),
        Nodes = { task.Nodes.Select(node => node.Value) },
        Outcomes =
        {
            task.Outcomes.Select(o => new Wire.SnapshotOutcome { NodeId = o.NodeId.Value, Error = o.Error }),
        },
        Finished = task.Finished,
        Error = task.Error,
    };

    private static SnapshotTask ToRecord(Wire.SnapshotTask wire) => new(
        new TaskId(wire.TaskId),
        ToEnum<TaskType>(wire.Type),
        ToEnum<Dialect>(wire.Dialect),
        [.. wire.Nodes.Select(node => new NodeId(node))],
        [.. wire.Outcomes.Select(o => new SnapshotOutcome(new NodeId(o.NodeId), o.Error))],
        wire.Finished,
        wire.Error);

    private static Wire.SnapshotUndeployment ToWire(SnapshotUndeployment undeployment) => new()
    {
        CommandId = undeployment.CommandId.Value,
        PlanVersion = undeployment.PlanVersion,
        Dialect = FromEnum(undeployment.Dialect),
        Nodes = { undeployment.Nodes.Select(node => node.Value) },
        Results =
        {
            undeployment.Results.Select(
                r => new Wire.SnapshotResult { NodeId = r.NodeId.Value, WasLoaded = r.WasLoaded }),
        },
    };

    private static SnapshotUndeployment ToRecord(Wire.SnapshotUndeployment wire) => new(
        new CommandId(wire.CommandId),
        wire.PlanVersion,
        ToEnum<Dialect>(wire.Dialect),
        [.. wire.Nodes.Select(node => new NodeId(node))],
        [.. wire.Results.Select(r => new SnapshotResult(new NodeId(r.NodeId), r.WasLoaded))]);
}
