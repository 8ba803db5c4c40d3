using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Tensors;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Tensors;

public sealed class TensorWriterTests
{
    [Fact]
    public void WriteDocument_Floats_HasTheKeysInOrder() => Assert.Equal(
        """{"output":[{"name":"sentence_embedding","data_type":"FLOAT32","shape":[2],"data":[0.5,-1.0]}]}""",
        Write(new TensorWriter(true, false), Samples.Floats("sentence_embedding", 0.5f, -1)));

    [Fact]
    public void WriteDocument_NamelessOutput_HasNoName() => Assert.Equal(
        """{"output":[{"data_type":"FLOAT32","shape":[1],"data":["NaN"]}]}""",
        Write(new TensorWriter(true, false), Samples.Floats(null, float.NaN)));

    [Fact]
    public void WriteDocument_NoNumbersWanted_LeavesDataOut() => Assert.Equal(
        """{"output":[{"name":"a","data_type":"FLOAT32","shape":[1]}]}""",
        Write(new TensorWriter(false, false), Samples.Floats("a", 1)));

    [Fact]
    public void WriteDocument_TypeWithoutAName_IsToldWithItsShapeAlone() => Assert.Equal(
        """{"output":[{"name":"a","data_type":"UNKNOWN","shape":[2,3]}]}""",
        Write(new TensorWriter(true, true), new TensorPayload("a", TensorDataType.Unknown, [2, 3], default)));

    [Fact]
    public void WriteDocument_NothingMatched_IsEmpty() => Assert.Equal("{}", Write(new TensorWriter(true, false)));

    [Fact]
    public void WriteDocument_NameThatNeedsEscapes_IsEscaped() => Assert.Equal(
        "a\"b\\é",
        (string?)JsonNode.Parse(
            Write(new TensorWriter(true, false), Samples.Floats("a\"b\\é", 1)))!["output"]![0]!["name"]);

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void WriteDocument_Bytes_AreBase64OfAllOfThem(int count)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(i => i * 0.37f)];

        var output = JsonNode.Parse(Write(new TensorWriter(true, true), Samples.Floats("a", values)))!["output"]![0]!;

        Assert.Equal("LITTLE_ENDIAN", (string?)output["byte_buffer"]!["order"]);
        Assert.Equal(
            MemoryMarshal.AsBytes<float>(values).ToArray(),
            Convert.FromBase64String((string)output["byte_buffer"]!["array"]!));
        Assert.Equal(values, output["data"]!.AsArray().Select(v => (float)v!));
    }

    [Fact]
    public void WriteDocument_EveryType_WritesItsNumbers()
    {
        AssertData([1L, -2L], TensorDataType.Int64, "INT64", "[1,-2]");
        AssertData([1, -2], TensorDataType.Int32, "INT32", "[1,-2]");
        AssertData<sbyte>([1, -2], TensorDataType.Int8, "INT8", "[1,-2]");
        AssertData<byte>([1, 255], TensorDataType.UInt8, "UINT8", "[1,255]");
        AssertData<byte>([1, 0], TensorDataType.Boolean, "BOOLEAN", "[1,0]");
        AssertData([0.1, 2.0], TensorDataType.Float64, "FLOAT64", "[0.1,2.0]");
        AssertData([(Half)0.5f, (Half)2f], TensorDataType.Float16, "FLOAT16", "[0.5,2.0]");
        AssertData<float>([], TensorDataType.Float32, "FLOAT32", "[]");
    }

    [Fact]
    public void EstimateBytes_Embedding_IsNotBelowWhatIsWritten()
    {
        var random = new Random(7);
        var tensor = Samples.Floats(
            "sentence_embedding", [.. Enumerable.Range(0, 3840).Select(_ => (float)((random.NextDouble() - 0.5) / 5))]);
        var writer = new TensorWriter(true, true);

        var written = Write(writer, tensor).Length;

        Assert.InRange(writer.EstimateBytes(tensor), written, written * 1.3);
    }

    private static void AssertData<T>(T[] values, TensorDataType type, string name, string data)
        where T : unmanaged
    {
        var tensor = new TensorPayload("a", type, [values.Length], MemoryMarshal.AsBytes<T>(values).ToArray());

        var output = JsonNode.Parse(Write(new TensorWriter(true, false), tensor))!["output"]![0]!;

        Assert.Equal(name, (string?)output["data_type"]);
        Assert.Equal(data, output["data"]!.ToJsonString());
    }

    private static string Write(TensorWriter writer, params TensorPayload[] tensors)
    {
        using var output = new PooledBuffer(16);
        writer.WriteDocument(new DocumentTensors(tensors), output);
        return Encoding.UTF8.GetString(output.Written.Span);
    }
}
