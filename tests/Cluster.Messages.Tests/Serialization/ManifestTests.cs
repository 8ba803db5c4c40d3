using System.Reflection;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tests.Support;

namespace MlCluster.Messages.Tests.Serialization;

public sealed class ManifestTests
{
    private static readonly string[] Listed =
    [
        .. typeof(Manifests).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    [Fact]
    public void Codecs_EveryTypeOfTheProtocol_HasExactlyOne() =>
        Assert.Equal(
            Protocol.Types.Select(type => type.FullName),
            CodecTable.All.Select(codec => codec.Type.FullName).Order(StringComparer.Ordinal));

    [Fact]
    public void Manifests_All_AreUniqueAndUsed() =>
        Assert.Equal(
            Listed.Order(StringComparer.Ordinal),
            CodecTable.All.Select(codec => codec.Manifest).Order(StringComparer.Ordinal));

    [Fact]
    public void Manifests_All_AreShort() =>
        Assert.All(Listed, manifest => Assert.InRange(manifest.Length, 1, Manifests.MaxLength));

    [Fact]
    public void Manifests_OfPersistedEventsAlone_EndInAVersion() =>
        Assert.All(CodecTable.All, codec => Assert.Equal(
            codec.Type.IsAssignableTo(typeof(IPersistedEvent)), char.IsAsciiDigit(codec.Manifest[^1])));
}
