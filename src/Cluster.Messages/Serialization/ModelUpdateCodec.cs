using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Changes of registrations, and controllers: commands, replies and events.</summary>
internal static class ModelUpdateCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.UpdateModel, Wire.UpdateModel.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelUpdatedReply, Wire.ModelUpdatedReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SaveController, Wire.SaveController.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.GetController, Wire.GetController.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeleteController, Wire.DeleteController.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ControllerSavedReply, Wire.ControllerSavedReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ControllerDocument, Wire.ControllerDocument.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ControllerDeletedReply, Wire.ControllerDeletedReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelUpdated, Wire.ModelUpdated.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ServingRulesSettled, Wire.ServingRulesSettled.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ControllerSaved, Wire.ControllerSaved.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ControllerDeleted, Wire.ControllerDeleted.Parser, ToWire, ToRecord),
    ];

    private static Wire.UpdateModel ToWire(UpdateModel command) => new()
    {
        ModelId = command.ModelId.Value, CommandId = command.CommandId.Value, Changes = ToWire(command.Changes),
    };

    private static UpdateModel ToRecord(Wire.UpdateModel wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.CommandId), ToRecord(Required(wire.Changes)));

    private static Wire.ModelChanges ToWire(ModelChanges changes) => new()
    {
        Name = changes.Name,
        Description = changes.Description,
        Group = changes.Group is { } group
            ? new Wire.GroupMembership { GroupId = group.GroupId.Value, Version = group.Version }
            : null,
        IsEnabled = changes.IsEnabled,
        RateLimiter = changes.RateLimiter?.ToWire(),
        Config = changes.Config?.ToWire(),
        DeploySetting = changes.DeploySetting?.ToWire(),
        Interface = changes.Interface?.ToWire(),
    };

    private static ModelChanges ToRecord(Wire.ModelChanges wire) => new(
        wire.Name,
        wire.Description,
        wire.Group is { } group ? new GroupMembership(new ModelGroupId(group.GroupId), group.Version) : null,
        wire.IsEnabled,
        wire.RateLimiter?.ToRecord(),
        wire.Config?.ToRecord())
    {
        DeploySetting = wire.DeploySetting?.ToRecord(),
        Interface = wire.Interface?.ToRecord(),
    };

    private static Wire.ModelUpdatedReply ToWire(ModelUpdatedReply reply) =>
        new() { ModelId = reply.ModelId.Value, Version = reply.Version, Changed = reply.Changed };

    private static ModelUpdatedReply ToRecord(Wire.ModelUpdatedReply wire) =>
        new(new ModelId(wire.ModelId), wire.Version, wire.Changed);

    private static Wire.SaveController ToWire(SaveController command) => new()
    {
        ModelId = command.ModelId.Value,
        CommandId = command.CommandId.Value,
        Users = { command.Users.Select(SharedCodec.ToWire) },
        MustExist = command.MustExist,
    };

    private static SaveController ToRecord(Wire.SaveController wire) => new(
        new ModelId(wire.ModelId),
        new CommandId(wire.CommandId),
        [.. wire.Users.Select(SharedCodec.ToRecord)],
        wire.MustExist);

    private static Wire.GetController ToWire(GetController query) => new() { ModelId = query.ModelId.Value };

    private static GetController ToRecord(Wire.GetController wire) => new(new ModelId(wire.ModelId));

    private static Wire.DeleteController ToWire(DeleteController command) =>
        new() { ModelId = command.ModelId.Value, CommandId = command.CommandId.Value };

    private static DeleteController ToRecord(Wire.DeleteController wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.CommandId));

    private static Wire.ControllerSavedReply ToWire(ControllerSavedReply reply) =>
        new() { ModelId = reply.ModelId.Value, Version = reply.Version, IsNew = reply.IsNew };

    private static ControllerSavedReply ToRecord(Wire.ControllerSavedReply wire) =>
        new(new ModelId(wire.ModelId), wire.Version, wire.IsNew);

    private static Wire.ControllerDocument ToWire(ControllerDocument document) =>
        new() { ModelId = document.ModelId.Value, Users = { document.Users.Select(SharedCodec.ToWire) } };

    private static ControllerDocument ToRecord(Wire.ControllerDocument wire) =>
        new(new ModelId(wire.ModelId), [.. wire.Users.Select(SharedCodec.ToRecord)]);

    private static Wire.ControllerDeletedReply ToWire(ControllerDeletedReply reply) =>
        new() { ModelId = reply.ModelId.Value, Version = reply.Version };

    private static ControllerDeletedReply ToRecord(Wire.ControllerDeletedReply wire) =>
        new(new ModelId(wire.ModelId), wire.Version);

    private static Wire.ModelUpdated ToWire(ModelUpdated stored) => new()
    {
        ModelId = stored.ModelId.Value,
        CommandId = stored.CommandId.Value,
        Spec = stored.Spec.ToWire(),
        Time = stored.Time,
    };

    private static ModelUpdated ToRecord(Wire.ModelUpdated wire) => new(
        new ModelId(wire.ModelId), new CommandId(wire.CommandId), Required(wire.Spec).ToRecord(), wire.Time);

    private static Wire.ServingRulesSettled ToWire(ServingRulesSettled stored) =>
        new() { ModelId = stored.ModelId.Value, RulesVersion = stored.RulesVersion, Time = stored.Time };

    private static ServingRulesSettled ToRecord(Wire.ServingRulesSettled wire) =>
        new(new ModelId(wire.ModelId), wire.RulesVersion, wire.Time);

    private static Wire.ControllerSaved ToWire(ControllerSaved stored) => new()
    {
        ModelId = stored.ModelId.Value,
        CommandId = stored.CommandId.Value,
        Users = { stored.Users.Select(SharedCodec.ToWire) },
        Time = stored.Time,
    };

    private static ControllerSaved ToRecord(Wire.ControllerSaved wire) => new(
        new ModelId(wire.ModelId),
        new CommandId(wire.CommandId),
        [.. wire.Users.Select(SharedCodec.ToRecord)],
        wire.Time);

    private static Wire.ControllerDeleted ToWire(ControllerDeleted stored) =>
        new() { ModelId = stored.ModelId.Value, CommandId = stored.CommandId.Value, Time = stored.Time };

    private static ControllerDeleted ToRecord(Wire.ControllerDeleted wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.CommandId), wire.Time);
}
