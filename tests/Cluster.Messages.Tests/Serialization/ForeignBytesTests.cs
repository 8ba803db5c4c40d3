using System.Runtime.Serialization;
using CsCheck;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tests.Support;

namespace MlCluster.Messages.Tests.Serialization;

public sealed class ForeignBytesTests
{
    // Field 15, one byte of text.
    private static readonly byte[] UnknownField = [0x7a, 1, 0x41];

    public static TheoryData<string> AllManifests => [.. CodecTable.All.Select(codec => codec.Manifest)];

    [Theory]
    [MemberData(nameof(AllManifests))]
    public void FromBinary_ArbitraryBytes_AreReadOrRefused(string manifest) =>
        Gen.Byte.Array[0, 200].Sample(bytes => { _ = Protocol.TryRead(bytes, manifest); }, iter: 1_000);

    [Theory]
    [MemberData(nameof(AllManifests))]
    public void FromBinary_DamagedMessage_IsReadOrRefused(string manifest)
    {
        var type = CodecTable.ByManifest[manifest].Type;
        byte[] whole = [.. Protocol.Serializer.ToBinary(new Filler(new FilledValues()).Make(type)), .. UnknownField];

        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample(
            (at, value, length) =>
            {
                var damaged = whole[..];
                damaged[at] = value;
                _ = Protocol.TryRead(damaged[..length], manifest);
            },
            iter: 1_000);
    }

    [Fact]
    public void FromBinary_UnknownManifest_IsNamed()
    {
        var fault = Assert.Throws<SerializationException>(() => Protocol.Serializer.FromBinary([], "zz9"));

        Assert.Contains("'zz9'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBinary_UnknownEnumNumber_IsRefusedByName()
    {
        byte[] statusNinetyNine = [0x28, 99];

        var fault = Assert.Throws<SerializationException>(
            () => Protocol.Serializer.FromBinary(statusNinetyNine, Manifests.ReportNodeDeployment));

        Assert.Contains("99 is no NodeDeploymentStatus", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBinary_MissingPart_IsRefusedByName()
    {
        var fault = Assert.Throws<SerializationException>(
            () => Protocol.Serializer.FromBinary([], Manifests.RegisterModel));

        Assert.Contains("Spec is missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBinary_FieldOfANewerVersion_IsSkipped()
    {
        byte[] newer = [.. Protocol.Serializer.ToBinary(new GetModel(new ModelId("m"))), .. UnknownField];

        Assert.Equal(new GetModel(new ModelId("m")), Protocol.Serializer.FromBinary(newer, Manifests.GetModel));
    }

    [Fact]
    public void ToBinary_ErrorWithoutACause_HasTheBytesOfBeforeThereWereCauses()
    {
        byte[] before = [0x0a, 1, 0x6d, 0x12, 5, 0x08, 3, 0x12, 1, 0x72];
        var rejected = new ModelRejected(new ModelId("m"), new ProtocolError(ErrorCode.NotFound, "r"));

        Assert.Equal(before, Protocol.Serializer.ToBinary(rejected));
        Assert.Equal(rejected, Protocol.Serializer.FromBinary(before, Manifests.ModelRejected));
    }

    [Fact]
    public void ToBinary_EnumValueWithoutName_IsRefused() =>
        Assert.Throws<SerializationException>(() => Protocol.Serializer.ToBinary(
            new ModelRejected(new ModelId("m"), new ProtocolError((ErrorCode)77, "r"))));

    [Fact]
    public void ToBinary_ForeignType_IsNamed()
    {
        var fault = Assert.Throws<SerializationException>(() => Protocol.Serializer.ToBinary("text"));

        Assert.Contains("System.String", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RoundTrip_ChunkOfOneMebibyte_CopiesItOnceEachWay()
    {
        const int size = 1024 * 1024;
        var segment = new ChunkSegment(new ModelId("m"), new CommandId("u"), 0, 0, true, new byte[size]);
        Protocol.RoundTrip(segment);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Protocol.RoundTrip(segment);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 2 * size, (2 * size) + (size / 8));
    }

    [Fact]
    public void RoundTrip_FilterAbsentAndFilterEmpty_StayApart()
    {
        var none = new PredictRequest(new ModelId("m"), "r", [], null, null, true, TimeSpan.FromSeconds(1));

        var absent = (PredictRequest)Protocol.RoundTrip(none);
        var empty = (PredictRequest)Protocol.RoundTrip(none with { TargetResponse = [], TargetPositions = [] });

        Assert.Null(absent.TargetResponse);
        Assert.Null(absent.TargetPositions);
        Assert.Equal([], empty.TargetResponse);
        Assert.Equal([], empty.TargetPositions);
    }
}
