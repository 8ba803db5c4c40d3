using MlCluster.Messages.Deployments;

namespace MlCluster.Messages.Serialization;

/// <summary>Events of the cluster as a whole.</summary>
internal static class ClusterEventCodec
{
    public static IEnumerable<Codec> All =>
        [Codec.Of(Manifests.ClusterNamed, Wire.ClusterNamed.Parser, ToWire, ToRecord)];

    private static Wire.ClusterNamed ToWire(ClusterNamed stored) => new() { Uuid = stored.Uuid, Time = stored.Time };

    private static ClusterNamed ToRecord(Wire.ClusterNamed wire) => new(wire.Uuid, wire.Time);
}
