using MlCluster.Messages.Groups;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Claims on names of model groups.</summary>
internal static class GroupNameCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ClaimGroupName, Wire.ClaimGroupName.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GroupNameHolder, Wire.GroupNameHolder.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GroupNameRejected, Wire.GroupNameRejected.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GroupNameClaimed, Wire.GroupNameClaimed.Parser, ToWire, ToRecord),
    ];

    private static Wire.ClaimGroupName ToWire(ClaimGroupName command) => new()
    {
        Name = command.Name,
        GroupId = command.GroupId.Value,
        Claim = command.Claim.Value,
        InsteadOf = command.InsteadOf?.Value,
    };

    private static ClaimGroupName ToRecord(Wire.ClaimGroupName wire) => new(
        wire.Name,
        new ModelGroupId(wire.GroupId),
        new CommandId(wire.Claim),
        wire.InsteadOf is { } claim ? new CommandId(claim) : null);

    private static Wire.GroupNameHolder ToWire(GroupNameHolder reply) => new()
    {
        Name = reply.Name,
        GroupId = reply.GroupId.Value,
        Claim = reply.Claim.Value,
        AgeMillis = reply.AgeMillis,
    };

    private static GroupNameHolder ToRecord(Wire.GroupNameHolder wire) =>
        new(wire.Name, new ModelGroupId(wire.GroupId), new CommandId(wire.Claim), wire.AgeMillis);

    private static Wire.GroupNameRejected ToWire(GroupNameRejected reply) =>
        new() { Name = reply.Name, Error = reply.Error.ToWire() };

    private static GroupNameRejected ToRecord(Wire.GroupNameRejected wire) =>
        new(wire.Name, Required(wire.Error).ToRecord());

    private static Wire.GroupNameClaimed ToWire(GroupNameClaimed stored) => new()
    {
        Name = stored.Name, GroupId = stored.GroupId.Value, Claim = stored.Claim.Value, Time = stored.Time,
    };

    private static GroupNameClaimed ToRecord(Wire.GroupNameClaimed wire) =>
        new(wire.Name, new ModelGroupId(wire.GroupId), new CommandId(wire.Claim), wire.Time);
}
