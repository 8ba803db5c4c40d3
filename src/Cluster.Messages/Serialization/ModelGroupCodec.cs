using MlCluster.Messages.Groups;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Commands of ModelGroupActor.</summary>
internal static class ModelGroupCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.RegisterModelGroup, Wire.RegisterModelGroup.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.UpdateModelGroup, Wire.UpdateModelGroup.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.AssignVersion, Wire.AssignVersion.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ConfirmGroupName, Wire.ConfirmGroupName.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GetModelGroup, Wire.GetModelGroup.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeleteModelGroup, Wire.DeleteModelGroup.Parser, ToWire, ToRecord),
    ];

    public static Wire.GroupAccess ToWire(this GroupAccess access) =>
        new() { Mode = FromEnum(access.Mode), BackendRoles = { access.BackendRoles } };

    public static GroupAccess ToRecord(this Wire.GroupAccess wire) =>
        new(ToEnum<AccessMode>(wire.Mode), [.. wire.BackendRoles]);

    private static Wire.RegisterModelGroup ToWire(RegisterModelGroup command) => new()
    {
        GroupId = command.GroupId.Value,
        Claim = command.Claim.Value,
        Name = command.Name,
        Description = command.Description,
        Access = command.Access.ToWire(),
    };

    private static RegisterModelGroup ToRecord(Wire.RegisterModelGroup wire) => new(
        new ModelGroupId(wire.GroupId),
        new CommandId(wire.Claim),
        wire.Name,
        wire.Description,
        Required(wire.Access).ToRecord());

    private static Wire.UpdateModelGroup ToWire(UpdateModelGroup command) => new()
    {
        GroupId = command.GroupId.Value,
        Name = command.Name is { } name ? new Wire.ClaimedName { Claim = name.Claim.Value, Name = name.Name } : null,
        Description = command.Description,
        Access = command.Access?.ToWire(),
    };

    private static UpdateModelGroup ToRecord(Wire.UpdateModelGroup wire) => new(
        new ModelGroupId(wire.GroupId),
        wire.Name is { } name ? new ClaimedName(new CommandId(name.Claim), name.Name) : null,
        wire.Description,
        wire.Access?.ToRecord());

    private static Wire.AssignVersion ToWire(AssignVersion command) => new()
    {
        GroupId = command.GroupId.Value, CommandId = command.CommandId.Value, ModelId = command.ModelId.Value,
    };

    private static AssignVersion ToRecord(Wire.AssignVersion wire) =>
        new(new ModelGroupId(wire.GroupId), new CommandId(wire.CommandId), new ModelId(wire.ModelId));

    private static Wire.ConfirmGroupName ToWire(ConfirmGroupName command) => new()
    {
        GroupId = command.GroupId.Value, Claim = command.Claim.Value, IsFinal = command.IsFinal,
    };

    private static ConfirmGroupName ToRecord(Wire.ConfirmGroupName wire) =>
        new(new ModelGroupId(wire.GroupId), new CommandId(wire.Claim), wire.IsFinal);

    private static Wire.GetModelGroup ToWire(GetModelGroup query) => new() { GroupId = query.GroupId.Value };

    private static GetModelGroup ToRecord(Wire.GetModelGroup wire) => new(new ModelGroupId(wire.GroupId));

    private static Wire.DeleteModelGroup ToWire(DeleteModelGroup command) => new()
    {
        GroupId = command.GroupId.Value,
        CommandId = command.CommandId.Value,
        LatestVersion = command.LatestVersion,
    };

    private static DeleteModelGroup ToRecord(Wire.DeleteModelGroup wire) =>
        new(new ModelGroupId(wire.GroupId), new CommandId(wire.CommandId), wire.LatestVersion);
}
