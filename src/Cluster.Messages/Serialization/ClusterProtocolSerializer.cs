using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace MlCluster.Messages.Serialization;

/// <summary>
/// Protobuf for everything that implements <see cref="IClusterProtocol"/>, on the wire and in the journal. Bind it to
/// <see cref="Marker"/> under <see cref="Name"/>.
/// </summary>
public sealed class ClusterProtocolSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Key under <c>akka.actor.serializers</c>.</summary>
    public const string Name = "mlcluster";

    /// <summary>Written beside every journal row: it never changes. 0–100 are Akka's.</summary>
    public const int Id = 210;

    /// <summary>The type to bind.</summary>
    public static readonly Type Marker = typeof(IClusterProtocol);

    /// <inheritdoc />
    public override int Identifier => Id;

    /// <inheritdoc />
    public override string Manifest(object o) => CodecOf(o).Manifest;

    /// <inheritdoc />
    /// <exception cref="SerializationException">The type has no codec, or an enum value has no name.</exception>
    public override byte[] ToBinary(object obj) => CodecOf(obj).Encode(obj);

    /// <inheritdoc />
    /// <exception cref="SerializationException">Unknown manifest, or bytes that are not such a message.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!CodecTable.ByManifest.TryGetValue(manifest, out var codec))
        {
            throw new SerializationException(
                $"The manifest '{manifest}' is not known to this version of the cluster protocol.");
        }

        try
        {
            return codec.Decode(bytes);
        }
        // Protobuf's reader of wrapper fields throws InvalidOperationException for some damaged bytes.
        catch (Exception fault) when (
            fault is InvalidProtocolBufferException or InvalidOperationException or SerializationException)
        {
            throw new SerializationException(
                $"The bytes under manifest '{manifest}' are no {codec.Type.Name}: {fault.Message}", fault);
        }
    }

    private static Codec CodecOf(object message) =>
        CodecTable.ByType.TryGetValue(message.GetType(), out var codec)
            ? codec
            : throw new SerializationException($"{message.GetType().FullName} has no codec in the cluster protocol.");
}
