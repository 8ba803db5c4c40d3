using MlCluster.Messages.Deployments;
using MlCluster.Messages.Settings;

namespace MlCluster.Messages.Serialization;

/// <summary>Events of the cluster as a whole.</summary>
internal static class ClusterEventCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ClusterNamed, Wire.ClusterNamed.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SettingsSaved, Wire.SettingsSaved.Parser, ToWire, ToRecord),
    ];

    private static Wire.ClusterNamed ToWire(ClusterNamed stored) => new() { Uuid = stored.Uuid, Time = stored.Time };

    private static ClusterNamed ToRecord(Wire.ClusterNamed wire) => new(wire.Uuid, wire.Time);

    private static Wire.SettingsSaved ToWire(SettingsSaved stored) => new()
    {
        Persistent = { stored.Persistent.Select(SettingsCodec.ToWire) },
        Transient = { stored.Transient.Select(SettingsCodec.ToWire) },
        Time = stored.Time,
    };

    private static SettingsSaved ToRecord(Wire.SettingsSaved wire) => new(
        [.. wire.Persistent.Select(SettingsCodec.ToRecord)],
        [.. wire.Transient.Select(SettingsCodec.ToRecord)],
        wire.Time);
}
