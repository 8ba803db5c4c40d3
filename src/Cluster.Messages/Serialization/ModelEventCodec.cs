using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Events of a model: its document and its content.</summary>
internal static class ModelEventCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ModelRegistrationStarted, Wire.ModelRegistrationStarted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelDownloadStarted, Wire.ModelDownloadStarted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.PretrainedModelFound, Wire.PretrainedModelFound.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelMetaRegistered, Wire.ModelMetaRegistered.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ChunkStored, Wire.ChunkStored.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelRegistered, Wire.ModelRegistered.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelContentRefused, Wire.ModelContentRefused.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelRegistrationFailed, Wire.ModelRegistrationFailed.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.TaskSettled, Wire.TaskSettled.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelDeleted, Wire.ModelDeleted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelExpired, Wire.ModelExpired.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelPurged, Wire.ModelPurged.Parser, ToWire, ToRecord),
    ];

    private static Wire.ModelRegistrationStarted ToWire(ModelRegistrationStarted stored) => new()
    {
        ModelId = stored.ModelId.Value,
        TaskId = stored.TaskId.Value,
        Spec = stored.Spec.ToWire(),
        Url = stored.Url,
        Sha256 = stored.Sha256,
        Deploy = stored.Deploy?.ToWire(),
        Dialect = FromEnum(stored.Dialect),
        Time = stored.Time,
    };

    private static ModelRegistrationStarted ToRecord(Wire.ModelRegistrationStarted wire) => new(
        new ModelId(wire.ModelId),
        new TaskId(wire.TaskId),
        Required(wire.Spec).ToRecord(),
        wire.Url,
        wire.Sha256,
        wire.Deploy?.ToRecord(),
        ToEnum<Dialect>(wire.Dialect),
        wire.Time);

    private static Wire.ModelDownloadStarted ToWire(ModelDownloadStarted stored) =>
        new() { ModelId = stored.ModelId.Value, Attempt = stored.Attempt, Time = stored.Time };

    private static ModelDownloadStarted ToRecord(Wire.ModelDownloadStarted wire) =>
        new(new ModelId(wire.ModelId), wire.Attempt, wire.Time);

    private static Wire.PretrainedModelFound ToWire(PretrainedModelFound stored) => new()
    {
        ModelId = stored.ModelId.Value,
        Spec = stored.Spec.ToWire(),
        Sha256 = stored.Sha256,
        Time = stored.Time,
    };

    private static PretrainedModelFound ToRecord(Wire.PretrainedModelFound wire) =>
        new(new ModelId(wire.ModelId), Required(wire.Spec).ToRecord(), wire.Sha256, wire.Time);

    private static Wire.ModelMetaRegistered ToWire(ModelMetaRegistered stored) => new()
    {
        ModelId = stored.ModelId.Value,
        Spec = stored.Spec.ToWire(),
        TotalChunks = stored.TotalChunks,
        SizeBytes = stored.SizeBytes,
        Sha256 = stored.Sha256,
        Dialect = FromEnum(stored.Dialect),
        Time = stored.Time,
    };

    private static ModelMetaRegistered ToRecord(Wire.ModelMetaRegistered wire) => new(
        new ModelId(wire.ModelId),
        Required(wire.Spec).ToRecord(),
        wire.TotalChunks,
        wire.SizeBytes,
        wire.Sha256,
        ToEnum<Dialect>(wire.Dialect),
        wire.Time);

    private static Wire.ChunkStored ToWire(ChunkStored stored) =>
        new() { ModelId = stored.ModelId.Value, Chunk = stored.Chunk.ToWire(), Time = stored.Time };

    private static ChunkStored ToRecord(Wire.ChunkStored wire) =>
        new(new ModelId(wire.ModelId), Required(wire.Chunk).ToRecord(), wire.Time);

    private static Wire.ModelRegistered ToWire(ModelRegistered stored) => new()
    {
        ModelId = stored.ModelId.Value,
        SizeBytes = stored.SizeBytes,
        Sha256 = stored.Sha256,
        TotalChunks = stored.TotalChunks,
        Time = stored.Time,
    };

    private static ModelRegistered ToRecord(Wire.ModelRegistered wire) =>
        new(new ModelId(wire.ModelId), wire.SizeBytes, wire.Sha256, wire.TotalChunks, wire.Time);

    private static Wire.ModelContentRefused ToWire(ModelContentRefused stored) =>
        new() { ModelId = stored.ModelId.Value, Reason = stored.Reason, Time = stored.Time };

    private static ModelContentRefused ToRecord(Wire.ModelContentRefused wire) =>
        new(new ModelId(wire.ModelId), wire.Reason, wire.Time);

    private static Wire.ModelRegistrationFailed ToWire(ModelRegistrationFailed stored) =>
        new() { ModelId = stored.ModelId.Value, Reason = stored.Reason, Time = stored.Time };

    private static ModelRegistrationFailed ToRecord(Wire.ModelRegistrationFailed wire) =>
        new(new ModelId(wire.ModelId), wire.Reason, wire.Time);

    private static Wire.TaskSettled ToWire(TaskSettled stored) =>
        new() { ModelId = stored.ModelId.Value, TaskId = stored.TaskId.Value, Time = stored.Time };

    private static TaskSettled ToRecord(Wire.TaskSettled wire) =>
        new(new ModelId(wire.ModelId), new TaskId(wire.TaskId), wire.Time);

    private static Wire.ModelDeleted ToWire(ModelDeleted stored) => new()
    {
        ModelId = stored.ModelId.Value,
        CommandId = stored.CommandId.Value,
        Version = stored.Version,
        Time = stored.Time,
    };

    private static ModelDeleted ToRecord(Wire.ModelDeleted wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.CommandId), wire.Version, wire.Time);

    private static Wire.ModelExpired ToWire(ModelExpired stored) =>
        new() { ModelId = stored.ModelId.Value, Time = stored.Time };

    private static ModelExpired ToRecord(Wire.ModelExpired wire) =>
        new(new ModelId(wire.ModelId), wire.Time);

    private static Wire.ModelPurged ToWire(ModelPurged stored) => new()
    {
        ModelId = stored.ModelId.Value,
        RegistrationTask = stored.RegistrationTask?.Value,
        DeletedBy = stored.DeletedBy?.Value,
        Version = stored.Version,
        Time = stored.Time,
    };

    private static ModelPurged ToRecord(Wire.ModelPurged wire) => new(
        new ModelId(wire.ModelId),
        wire.RegistrationTask is { } registrationTask ? new TaskId(registrationTask) : null,
        wire.DeletedBy is { } deletedBy ? new CommandId(deletedBy) : null,
        wire.Version,
        wire.Time);
}
