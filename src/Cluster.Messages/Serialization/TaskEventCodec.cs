using MlCluster.Messages.Tasks;
using static MlCluster.Messages.Serialization.WireValue;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Messages.Serialization;

/// <summary>Events of a task.</summary>
internal static class TaskEventCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.TaskCreated, Wire.TaskCreated.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskModelKnown, Wire.TaskModelKnown.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskNodeFinished, Wire.TaskNodeFinished.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskFinished, Wire.TaskFinished.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskDeleted, Wire.TaskDeleted.Parser, ToWire, ToRecord),
    ];

    private static Wire.TaskCreated ToWire(TaskCreated stored) => new()
    {
        TaskId = stored.TaskId.Value,
        OwnerId = stored.OwnerId.Value,
        Type = FromEnum(stored.Type),
        FunctionName = stored.FunctionName,
        Status = FromEnum(stored.Status),
        WorkerNodes = { stored.WorkerNodes.Select(node => node.Value) },
        Dialect = FromEnum(stored.Dialect),
        Time = stored.Time,
    };

    private static TaskCreated ToRecord(Wire.TaskCreated wire) => new(
        new TaskId(wire.TaskId),
        new ModelId(wire.OwnerId),
        ToEnum<TaskType>(wire.Type),
        wire.FunctionName,
        ToEnum<TaskStatus>(wire.Status),
        [.. wire.WorkerNodes.Select(node => new NodeId(node))],
        ToEnum<Dialect>(wire.Dialect),
        wire.Time);

    private static Wire.TaskModelKnown ToWire(TaskModelKnown stored) =>
        new() { TaskId = stored.TaskId.Value, ModelId = stored.ModelId.Value, Time = stored.Time };

    private static TaskModelKnown ToRecord(Wire.TaskModelKnown wire) =>
        new(new TaskId(wire.TaskId), new ModelId(wire.ModelId), wire.Time);

    private static Wire.TaskNodeFinished ToWire(TaskNodeFinished stored) =>
        new() { TaskId = stored.TaskId.Value, NodeId = stored.NodeId.Value, Error = stored.Error, Time = stored.Time };

    private static TaskNodeFinished ToRecord(Wire.TaskNodeFinished wire) =>
        new(new TaskId(wire.TaskId), new NodeId(wire.NodeId), wire.Error, wire.Time);

    private static Wire.TaskFinished ToWire(TaskFinished stored) => new()
    {
        TaskId = stored.TaskId.Value,
        Status = FromEnum(stored.Status),
        ModelId = stored.ModelId?.Value,
        Error = stored.Error,
        Time = stored.Time,
    };

    private static TaskFinished ToRecord(Wire.TaskFinished wire) =>
        new(new TaskId(wire.TaskId), ToEnum<TaskStatus>(wire.Status), wire.ModelId.ToModelId(), wire.Error, wire.Time);

    private static Wire.TaskDeleted ToWire(TaskDeleted stored) => new()
    {
        TaskId = stored.TaskId.Value,
        CommandId = stored.CommandId.Value,
        Version = stored.Version,
        Time = stored.Time,
    };

    private static TaskDeleted ToRecord(Wire.TaskDeleted wire) =>
        new(new TaskId(wire.TaskId), new CommandId(wire.CommandId), wire.Version, wire.Time);
}
