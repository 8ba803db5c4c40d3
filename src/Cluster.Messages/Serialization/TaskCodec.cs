using MlCluster.Messages.Tasks;
using static MlCluster.Messages.Serialization.WireValue;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Messages.Serialization;

/// <summary>Commands and answers of TaskActor.</summary>
internal static class TaskCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.CreateTask, Wire.CreateTask.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ReportProgress, Wire.ReportProgress.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.RecordNodeOutcome, Wire.RecordNodeOutcome.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.FinishTask, Wire.FinishTask.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GetTask, Wire.GetTask.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeleteTask, Wire.DeleteTask.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SweepTask, Wire.SweepTask.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskAccepted, Wire.TaskAccepted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskRejected, Wire.TaskRejected.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskDeletedReply, Wire.TaskDeletedReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskDocument, Wire.TaskDocument.Parser, ToWire, ToRecord),
    ];

    private static Wire.CreateTask ToWire(CreateTask command) => new()
    {
        TaskId = command.TaskId.Value,
        OwnerId = command.OwnerId.Value,
        Type = FromEnum(command.Type),
        FunctionName = command.FunctionName,
        Status = FromEnum(command.Status),
        WorkerNodes = { command.WorkerNodes.Select(node => node.Value) },
        Dialect = FromEnum(command.Dialect),
    };

    private static CreateTask ToRecord(Wire.CreateTask wire) => new(
        new TaskId(wire.TaskId),
        new ModelId(wire.OwnerId),
        ToEnum<TaskType>(wire.Type),
        wire.FunctionName,
        ToEnum<TaskStatus>(wire.Status),
        [.. wire.WorkerNodes.Select(node => new NodeId(node))],
        ToEnum<Dialect>(wire.Dialect));

    private static Wire.ReportProgress ToWire(ReportProgress command) => new()
    {
        TaskId = command.TaskId.Value,
        Progress = command.Progress,
        ModelId = command.ModelId?.Value,
        NodeId = command.NodeId?.Value,
    };

    private static ReportProgress ToRecord(Wire.ReportProgress wire) =>
        new(new TaskId(wire.TaskId), wire.Progress, wire.ModelId.ToModelId(), wire.NodeId.ToNodeId());

    private static Wire.RecordNodeOutcome ToWire(RecordNodeOutcome command) =>
        new() { TaskId = command.TaskId.Value, NodeId = command.NodeId.Value, Error = command.Error };

    private static RecordNodeOutcome ToRecord(Wire.RecordNodeOutcome wire) =>
        new(new TaskId(wire.TaskId), new NodeId(wire.NodeId), wire.Error);

    private static Wire.FinishTask ToWire(FinishTask command) =>
        new() { TaskId = command.TaskId.Value, ModelId = command.ModelId?.Value, Error = command.Error };

    private static FinishTask ToRecord(Wire.FinishTask wire) =>
        new(new TaskId(wire.TaskId), wire.ModelId.ToModelId(), wire.Error);

    private static Wire.GetTask ToWire(GetTask command) => new() { TaskId = command.TaskId.Value };

    private static GetTask ToRecord(Wire.GetTask wire) => new(new TaskId(wire.TaskId));

    private static Wire.DeleteTask ToWire(DeleteTask command) =>
        new() { TaskId = command.TaskId.Value, CommandId = command.CommandId.Value };

    private static DeleteTask ToRecord(Wire.DeleteTask wire) =>
        new(new TaskId(wire.TaskId), new CommandId(wire.CommandId));

    private static Wire.SweepTask ToWire(SweepTask command) => new() { TaskId = command.TaskId.Value };

    private static SweepTask ToRecord(Wire.SweepTask wire) => new(new TaskId(wire.TaskId));

    private static Wire.TaskAccepted ToWire(TaskAccepted reply) => new() { TaskId = reply.TaskId.Value };

    private static TaskAccepted ToRecord(Wire.TaskAccepted wire) => new(new TaskId(wire.TaskId));

    private static Wire.TaskRejected ToWire(TaskRejected reply) =>
        new() { TaskId = reply.TaskId.Value, Error = reply.Error.ToWire() };

    private static TaskRejected ToRecord(Wire.TaskRejected wire) =>
        new(new TaskId(wire.TaskId), Required(wire.Error).ToRecord());

    private static Wire.TaskDeletedReply ToWire(TaskDeletedReply reply) =>
        new() { TaskId = reply.TaskId.Value, Version = reply.Version };

    private static TaskDeletedReply ToRecord(Wire.TaskDeletedReply wire) =>
        new(new TaskId(wire.TaskId), wire.Version);

    private static Wire.TaskDocument ToWire(TaskDocument document) => new()
    {
        TaskId = document.TaskId.Value,
        ModelId = document.ModelId?.Value,
        Type = FromEnum(document.Type),
        FunctionName = document.FunctionName,
        Status = FromEnum(document.Status),
        WorkerNodes = { document.WorkerNodes.Select(node => node.Value) },
        CreateTime = document.CreateTime,
        LastUpdateTime = document.LastUpdateTime,
        Progress = document.Progress,
        Error = document.Error,
        Dialect = FromEnum(document.Dialect),
        Version = document.Version,
    };

    private static TaskDocument ToRecord(Wire.TaskDocument wire) => new(
        new TaskId(wire.TaskId),
        wire.ModelId.ToModelId(),
        ToEnum<TaskType>(wire.Type),
        wire.FunctionName,
        ToEnum<TaskStatus>(wire.Status),
        [.. wire.WorkerNodes.Select(node => new NodeId(node))],
        wire.CreateTime,
        wire.LastUpdateTime,
        wire.Progress,
        wire.Error,
        ToEnum<Dialect>(wire.Dialect),
        wire.Version);
}
