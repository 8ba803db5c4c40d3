using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>A model's snapshot: its document, content and plan.</summary>
internal static class SnapshotCodec
{
    public static IEnumerable<Codec> All =>
        [Codec.Of(Manifests.ModelSnapshotTaken, Wire.ModelSnapshotTaken.Parser, ToWire, ToRecord)];

    private static Wire.ModelSnapshotTaken ToWire(ModelSnapshotTaken stored) => new()
    {
        ModelId = stored.ModelId.Value,
        Document = ToWire(stored.Document),
        Content = ToWire(stored.Content),
        Plan = ToWire(stored.Plan),
        Work = stored.Work.ToWire(),
        Time = stored.Time,
        Updates = stored.Updates is { } updates ? ToWire(updates) : null,
    };

    private static ModelSnapshotTaken ToRecord(Wire.ModelSnapshotTaken wire) => new(
        new ModelId(wire.ModelId),
        ToRecord(Required(wire.Document)),
        ToRecord(Required(wire.Content)),
        ToRecord(Required(wire.Plan)),
        Required(wire.Work).ToRecord(),
        wire.Time)
    {
        Updates = wire.Updates is { } updates ? ToRecord(updates) : null,
    };

    private static Wire.SnapshotUpdates ToWire(SnapshotUpdates updates) => new()
    {
        RulesVersion = updates.RulesVersion,
        RulesOwed = updates.RulesOwed,
        LastUpdate = updates.LastUpdate?.Value,
        Controller = updates.Controller is { } controller ? ToWire(controller) : null,
        EarlierUpdates = { updates.EarlierUpdates.Select(command => command.Value) },
    };

    private static SnapshotUpdates ToRecord(Wire.SnapshotUpdates wire) => new(
        wire.RulesVersion,
        wire.RulesOwed,
        wire.LastUpdate is { } command ? new CommandId(command) : null,
        wire.Controller is { } controller ? ToRecord(controller) : null)
    {
        EarlierUpdates = [.. wire.EarlierUpdates.Select(command => new CommandId(command))],
    };

    private static Wire.SnapshotController ToWire(SnapshotController controller) => new()
    {
        Users = controller.Users is { } users
            ? new Wire.SnapshotUsers { Items = { users.Select(SharedCodec.ToWire) } }
            : null,
        Version = controller.Version,
        IsNew = controller.IsNew,
        LastCommand = controller.LastCommand.Value,
        Earlier = { controller.Earlier.Select(ToWire) },
    };

    private static SnapshotController ToRecord(Wire.SnapshotController wire) => new(
        wire.Users is { } users ? [.. users.Items.Select(SharedCodec.ToRecord)] : null,
        wire.Version,
        wire.IsNew,
        new CommandId(wire.LastCommand))
    {
        Earlier = [.. wire.Earlier.Select(ToRecord)],
    };

    private static Wire.SnapshotControllerCommand ToWire(SnapshotControllerCommand command) =>
        new() { CommandId = command.CommandId.Value, Version = command.Version, IsNew = command.IsNew };

    private static SnapshotControllerCommand ToRecord(Wire.SnapshotControllerCommand wire) =>
        new(new CommandId(wire.CommandId), wire.Version, wire.IsNew);

    private static Wire.SnapshotDocument ToWire(SnapshotDocument document) => new()
    {
        Spec = document.Spec.ToWire(),
        Dialect = FromEnum(document.Dialect),
        Registered = document.Registered,
        Version = document.Version,
        Times = document.Times.ToWire(),
        Origin = document.Origin is { } origin ? ToWire(origin) : null,
    };

    private static SnapshotDocument ToRecord(Wire.SnapshotDocument wire) => new(
        Required(wire.Spec).ToRecord(),
        ToEnum<Dialect>(wire.Dialect),
        wire.Registered,
        wire.Version,
        Required(wire.Times).ToRecord(),
        wire.Origin is { } origin ? ToRecord(origin) : null);

    private static Wire.SnapshotOrigin ToWire(SnapshotOrigin origin) => new()
    {
        TaskId = origin.TaskId.Value,
        Url = origin.Url,
        Sha256 = origin.Sha256,
        Deploy = origin.Deploy?.ToWire(),
        Attempts = origin.Attempts,
    };

    private static SnapshotOrigin ToRecord(Wire.SnapshotOrigin wire) =>
        new(new TaskId(wire.TaskId), wire.Url, wire.Sha256, wire.Deploy?.ToRecord(), wire.Attempts);

    private static Wire.SnapshotContent ToWire(SnapshotContent content) => new()
    {
        TotalChunks = content.TotalChunks,
        SizeBytes = content.SizeBytes,
        Sha256 = content.Sha256,
        Chunks = { content.Chunks.Select(SharedCodec.ToWire) },
        LastChunkTime = content.LastChunkTime,
        Generation = content.Generation,
        Problem = content.Problem,
        ModelBytes = content.ModelBytes,
    };

    private static SnapshotContent ToRecord(Wire.SnapshotContent wire) => new(
        wire.TotalChunks,
        wire.SizeBytes,
        wire.Sha256,
        [.. wire.Chunks.Select(SharedCodec.ToRecord)],
        wire.LastChunkTime,
        wire.Generation,
        wire.Problem)
    {
        ModelBytes = wire.ModelBytes,
    };

    private static Wire.SnapshotPlan ToWire(SnapshotPlan plan) => new()
    {
        Version = plan.Version,
        ToAll = plan.ToAll,
        Nodes = { plan.Nodes.Select(ToWire) },
        WantedSince = plan.WantedSince,
    };

    private static SnapshotPlan ToRecord(Wire.SnapshotPlan wire) =>
        new(wire.Version, wire.ToAll, [.. wire.Nodes.Select(ToRecord)]) { WantedSince = wire.WantedSince };

    private static Wire.SnapshotNode ToWire(SnapshotNode node) => new()
    {
        NodeId = node.NodeId.Value,
        Status = FromEnum(node.Status),
        Since = node.Since,
        Incarnation = node.Incarnation,
        Error = node.Error,
        HeldUp = node.HeldUp is { } h ? new Wire.HeldUpSpan { First = h.First, Last = h.Last } : null,
    };

    private static SnapshotNode ToRecord(Wire.SnapshotNode wire) => new(
        new NodeId(wire.NodeId), ToEnum<NodeDeploymentStatus>(wire.Status), wire.Since, wire.Incarnation, wire.Error)
    {
        HeldUp = wire.HeldUp is { } h ? new HeldUpSpan(h.First, h.Last) : null,
    };
}
