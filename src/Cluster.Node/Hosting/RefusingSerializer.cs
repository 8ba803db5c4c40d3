using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace MlCluster.Node.Hosting;

/// <summary>Stands where Akka's JSON serializer was: id 1 lets the wire name any .NET type, so it is refused.</summary>
internal sealed class RefusingSerializer : Serializer
{
    private const int NewtonsoftId = 1;

    public RefusingSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    // Akka looks for this shape when "serializers.json" carries settings.
    public RefusingSerializer(ExtendedActorSystem system, Config config)
        : base(system)
    {
    }

    /// <inheritdoc />
    public override int Identifier => NewtonsoftId;

    /// <inheritdoc />
    public override bool IncludeManifest => false;

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} is not part of the cluster protocol");

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("a message serialized as JSON with type names is refused");
}
