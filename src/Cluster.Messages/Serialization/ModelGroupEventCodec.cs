using MlCluster.Messages.Groups;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Events of model groups.</summary>
internal static class ModelGroupEventCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ModelGroupRegistered, Wire.ModelGroupRegistered.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelGroupUpdated, Wire.ModelGroupUpdated.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.VersionAssigned, Wire.VersionAssigned.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GroupNameForgone, Wire.GroupNameForgone.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelGroupDeleted, Wire.ModelGroupDeleted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelGroupSnapshotTaken, Wire.ModelGroupSnapshotTaken.Parser, ToWire, ToRecord),
    ];

    private static Wire.ModelGroupRegistered ToWire(ModelGroupRegistered stored) => new()
    {
        GroupId = stored.GroupId.Value,
        Claim = stored.Claim.Value,
        Name = stored.Name,
        Description = stored.Description,
        Access = stored.Access.ToWire(),
        Time = stored.Time,
    };

    private static ModelGroupRegistered ToRecord(Wire.ModelGroupRegistered wire) => new(
        new ModelGroupId(wire.GroupId),
        new CommandId(wire.Claim),
        wire.Name,
        wire.Description,
        Required(wire.Access).ToRecord(),
        wire.Time);

    private static Wire.ModelGroupUpdated ToWire(ModelGroupUpdated stored) => new()
    {
        GroupId = stored.GroupId.Value,
        Claim = stored.Claim.Value,
        Name = stored.Name,
        Description = stored.Description,
        Access = stored.Access.ToWire(),
        Time = stored.Time,
    };

    private static ModelGroupUpdated ToRecord(Wire.ModelGroupUpdated wire) => new(
        new ModelGroupId(wire.GroupId),
        new CommandId(wire.Claim),
        wire.Name,
        wire.Description,
        Required(wire.Access).ToRecord(),
        wire.Time);

    private static Wire.VersionAssigned ToWire(VersionAssigned stored) => new()
    {
        GroupId = stored.GroupId.Value,
        CommandId = stored.CommandId.Value,
        ModelId = stored.ModelId.Value,
        Version = stored.Version,
        Time = stored.Time,
    };

    private static VersionAssigned ToRecord(Wire.VersionAssigned wire) => new(
        new ModelGroupId(wire.GroupId),
        new CommandId(wire.CommandId),
        new ModelId(wire.ModelId),
        wire.Version,
        wire.Time);

    private static Wire.GroupNameForgone ToWire(GroupNameForgone stored) =>
        new() { GroupId = stored.GroupId.Value, Claim = stored.Claim.Value, Time = stored.Time };

    private static GroupNameForgone ToRecord(Wire.GroupNameForgone wire) =>
        new(new ModelGroupId(wire.GroupId), new CommandId(wire.Claim), wire.Time);

    private static Wire.ModelGroupDeleted ToWire(ModelGroupDeleted stored) => new()
    {
        GroupId = stored.GroupId.Value,
        CommandId = stored.CommandId.Value,
        Version = stored.Version,
        Time = stored.Time,
    };

    private static ModelGroupDeleted ToRecord(Wire.ModelGroupDeleted wire) =>
        new(new ModelGroupId(wire.GroupId), new CommandId(wire.CommandId), wire.Version, wire.Time);

    private static Wire.ModelGroupSnapshotTaken ToWire(ModelGroupSnapshotTaken stored) => new()
    {
        GroupId = stored.GroupId.Value,
        Claim = stored.Claim.Value,
        Name = stored.Name,
        Description = stored.Description,
        Access = stored.Access.ToWire(),
        LatestVersion = stored.LatestVersion,
        Created = stored.Created,
        LastUpdated = stored.LastUpdated,
        Version = stored.Version,
        Recent = { stored.Recent.Select(ToWire) },
        Forgone = { stored.Forgone.Select(claim => claim.Value) },
        Time = stored.Time,
    };

    private static ModelGroupSnapshotTaken ToRecord(Wire.ModelGroupSnapshotTaken wire) => new(
        new ModelGroupId(wire.GroupId),
        new CommandId(wire.Claim),
        wire.Name,
        wire.Description,
        Required(wire.Access).ToRecord(),
        wire.LatestVersion,
        wire.Created,
        wire.LastUpdated,
        wire.Version,
        [.. wire.Recent.Select(ToRecord)],
        [.. wire.Forgone.Select(claim => new CommandId(claim))],
        wire.Time);

    private static Wire.RecentVersion ToWire(RecentVersion recent) => new()
    {
        CommandId = recent.CommandId.Value,
        ModelId = recent.ModelId.Value,
        Version = recent.Version,
        Time = recent.Time,
    };

    private static RecentVersion ToRecord(Wire.RecentVersion wire) =>
        new(new CommandId(wire.CommandId), new ModelId(wire.ModelId), wire.Version, wire.Time);
}
