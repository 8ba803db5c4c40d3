using MlCluster.Messages.Settings;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Cluster settings on their way between nodes.</summary>
internal static class SettingsCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ChangeSettings, Wire.ChangeSettings.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SettingsChanged, Wire.SettingsChanged.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SettingsRejected, Wire.SettingsRejected.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.PublishedSettings, Wire.PublishedSettings.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SettingsTaken, Wire.SettingsTaken.Parser, ToWire, ToRecord),
    ];

    public static Wire.SettingEntry ToWire(this SettingEntry entry) => new() { Name = entry.Name, Value = entry.Value };

    public static SettingEntry ToRecord(this Wire.SettingEntry wire) => new(wire.Name, wire.Value);

    private static Wire.ChangeSettings ToWire(ChangeSettings command) => new()
    {
        Persistent = { command.Persistent.Select(ToWire) },
        Transient = { command.Transient.Select(ToWire) },
    };

    private static ChangeSettings ToRecord(Wire.ChangeSettings wire) =>
        new([.. wire.Persistent.Select(ToRecord)], [.. wire.Transient.Select(ToRecord)]);

    private static Wire.SettingChange ToWire(SettingChange change) =>
        new() { Name = change.Name, Value = change.Value };

    private static SettingChange ToRecord(Wire.SettingChange wire) => new(wire.Name, wire.Value);

    private static Wire.SettingsChanged ToWire(SettingsChanged reply) =>
        new() { Acknowledged = reply.Acknowledged, Version = reply.Version };

    private static SettingsChanged ToRecord(Wire.SettingsChanged wire) => new(wire.Acknowledged, wire.Version);

    private static Wire.SettingsRejected ToWire(SettingsRejected reply) => new() { Error = reply.Error.ToWire() };

    private static SettingsRejected ToRecord(Wire.SettingsRejected wire) => new(Required(wire.Error).ToRecord());

    private static Wire.PublishedSettings ToWire(PublishedSettings settings) => new()
    {
        Version = settings.Version,
        Persistent = { settings.Persistent.Select(ToWire) },
        Transient = { settings.Transient.Select(ToWire) },
    };

    private static PublishedSettings ToRecord(Wire.PublishedSettings wire) => new(
        wire.Version, [.. wire.Persistent.Select(ToRecord)], [.. wire.Transient.Select(ToRecord)]);

    private static Wire.SettingsTaken ToWire(SettingsTaken word) => new() { Version = word.Version };

    private static SettingsTaken ToRecord(Wire.SettingsTaken wire) => new(wire.Version);
}
