using MlCluster.Messages.Groups;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Answers of ModelGroupActor.</summary>
internal static class ModelGroupReplyCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ModelGroupAccepted, Wire.ModelGroupAccepted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelGroupRejected, Wire.ModelGroupRejected.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.VersionReply, Wire.VersionReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NameConfirmation, Wire.NameConfirmation.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelGroupDeletedReply, Wire.ModelGroupDeletedReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelGroupDocument, Wire.ModelGroupDocument.Parser, ToWire, ToRecord),
    ];

    private static Wire.ModelGroupAccepted ToWire(ModelGroupAccepted reply) => new() { GroupId = reply.GroupId.Value };

    private static ModelGroupAccepted ToRecord(Wire.ModelGroupAccepted wire) => new(new ModelGroupId(wire.GroupId));

    private static Wire.ModelGroupRejected ToWire(ModelGroupRejected reply) =>
        new() { GroupId = reply.GroupId.Value, Error = reply.Error.ToWire() };

    private static ModelGroupRejected ToRecord(Wire.ModelGroupRejected wire) =>
        new(new ModelGroupId(wire.GroupId), Required(wire.Error).ToRecord());

    private static Wire.VersionReply ToWire(VersionReply reply) =>
        new() { GroupId = reply.GroupId.Value, Version = reply.Version };

    private static VersionReply ToRecord(Wire.VersionReply wire) => new(new ModelGroupId(wire.GroupId), wire.Version);

    private static Wire.NameConfirmation ToWire(NameConfirmation reply) =>
        new() { GroupId = reply.GroupId.Value, Holds = reply.Holds };

    private static NameConfirmation ToRecord(Wire.NameConfirmation wire) =>
        new(new ModelGroupId(wire.GroupId), wire.Holds);

    private static Wire.ModelGroupDeletedReply ToWire(ModelGroupDeletedReply reply) =>
        new() { GroupId = reply.GroupId.Value, Version = reply.Version };

    private static ModelGroupDeletedReply ToRecord(Wire.ModelGroupDeletedReply wire) =>
        new(new ModelGroupId(wire.GroupId), wire.Version);

    private static Wire.ModelGroupDocument ToWire(ModelGroupDocument document) => new()
    {
        GroupId = document.GroupId.Value,
        Name = document.Name,
        Description = document.Description,
        Access = document.Access.ToWire(),
        LatestVersion = document.LatestVersion,
        Created = document.Created,
        LastUpdated = document.LastUpdated,
        Version = document.Version,
        RecentModels = { document.RecentModels.Select(model => model.Value) },
    };

    private static ModelGroupDocument ToRecord(Wire.ModelGroupDocument wire) => new(
        new ModelGroupId(wire.GroupId),
        wire.Name,
        wire.Description,
        Required(wire.Access).ToRecord(),
        wire.LatestVersion,
        wire.Created,
        wire.LastUpdated,
        wire.Version,
        [.. wire.RecentModels.Select(model => new ModelId(model))]);
}
