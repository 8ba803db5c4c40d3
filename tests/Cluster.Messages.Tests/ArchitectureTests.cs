using System.Reflection;
using Akka.Actor;
using Akka.Actor.Setup;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tests.Support;
using NetArchTest.Rules;

namespace MlCluster.Messages.Tests;

public sealed class ArchitectureTests
{
    private static readonly Assembly Messages = typeof(IClusterProtocol).Assembly;

    [Fact]
    public void Types_OutsideSerialization_DoNotKnowAkka() => AssertNoDependency("Akka");

    [Fact]
    public void Types_OutsideSerialization_DoNotKnowProtobuf() => AssertNoDependency("Google.Protobuf");

    [Fact]
    public void Messages_Members_AreNoActorRefs() =>
        Assert.All(Protocol.Types, type => Assert.DoesNotContain(
            type.GetProperties(), property => property.PropertyType.IsAssignableTo(typeof(ICanTell))));

    [Fact]
    public void Messages_All_AreSealedAndImmutable() =>
        Assert.All(Protocol.Types, type =>
        {
            Assert.True(type.IsSealed || type.IsValueType, $"{type} is not sealed");
            Assert.All(type.GetProperties(), property => Assert.True(
                property.SetMethod is null || IsInitOnly(property), $"{type}.{property.Name} can be set"));
        });

    [Fact]
    public void GeneratedTypes_All_AreInternal() =>
        Assert.DoesNotContain(
            Messages.GetExportedTypes(), type => type.Namespace == typeof(ClusterProtocolSerializer).Namespace + ".Wire");

    [Fact]
    public void Serializer_BoundToTheMarker_ServesEveryMessage()
    {
        var setup = Akka.Serialization.SerializationSetup.Create(system =>
        [
            Akka.Serialization.SerializerDetails.Create(
                ClusterProtocolSerializer.Name,
                new ClusterProtocolSerializer(system),
                [ClusterProtocolSerializer.Marker]),
        ]);
        using var system = ActorSystem.Create("bound", ActorSystemSetup.Create(setup));

        Assert.All(Protocol.Types, type => Assert.IsType<ClusterProtocolSerializer>(
            system.Serialization.FindSerializerForType(type)));
    }

    private static void AssertNoDependency(string assembly)
    {
        var users = Types.InAssembly(Messages).That().HaveDependencyOnAny(assembly).GetTypes().ToArray();

        Assert.NotEmpty(users);
        Assert.All(users, type => Assert.StartsWith(
            typeof(ClusterProtocolSerializer).Namespace!, type.Namespace, StringComparison.Ordinal));
    }

    private static bool IsInitOnly(PropertyInfo property) =>
        property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()
            .Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
}
