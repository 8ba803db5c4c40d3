using System.Runtime.Serialization;
using Akka.Actor;
using MlCluster.Messages.Serialization;

namespace MlCluster.Messages.Tests.Support;

/// <summary>The protocol's types and one serializer for all tests.</summary>
internal static class Protocol
{
    public static readonly ClusterProtocolSerializer Serializer =
        new((ExtendedActorSystem)ActorSystem.Create("wire-tests", "akka.loglevel = OFF, akka.stdout-loglevel = OFF"));

    /// <summary>Every concrete type that carries the marker.</summary>
    public static readonly IReadOnlyList<Type> Types =
    [
        .. typeof(IClusterProtocol).Assembly.GetTypes()
            .Where(type => type is { IsInterface: false, IsAbstract: false } && type.IsAssignableTo(typeof(IClusterProtocol)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    public static object RoundTrip(object message) =>
        Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));

    /// <summary>The message, or null for bytes that are refused as they should be.</summary>
    public static object? TryRead(byte[] bytes, string manifest)
    {
        try
        {
            return Serializer.FromBinary(bytes, manifest);
        }
        catch (SerializationException)
        {
            return null;
        }
    }
}
