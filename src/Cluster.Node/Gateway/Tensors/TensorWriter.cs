using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Tensors;

/// <summary>Writes tensors as JSON, straight from their packed bytes (contract 5.2).</summary>
/// <param name="withNumbers">Write <c>data</c>.</param>
/// <param name="withBytes">Write <c>byte_buffer</c>.</param>
internal sealed class TensorWriter(bool withNumbers, bool withBytes)
{
    // Large enough that reserving costs nothing, small enough that little is reserved in vain.
    private const int NumbersAtOnce = 512;

    /// <summary>Bytes of JSON that the tensor takes, about.</summary>
    public long EstimateBytes(TensorPayload tensor)
    {
        const int Frame = 128;
        if (tensor.Content is { } content)
        {
            return Frame + ContentWriter.EstimateBytes(content);
        }

        var numbers = withNumbers ? tensor.Data.Length / SizeOf(tensor.DataType) * TextBytes(tensor.DataType) : 0;
        return Frame + numbers + (withBytes ? Base64.GetMaxEncodedToUtf8Length(tensor.Data.Length) : 0);
    }

    /// <summary>Writes one entry of <c>inference_results</c>; <c>{}</c> when no output was wanted.</summary>
    public void WriteDocument(DocumentTensors document, IBufferWriter<byte> output)
    {
        if (document.Tensors.Count == 0)
        {
            output.Write("{}"u8);
            return;
        }

        output.Write("{\"output\":["u8);
        for (var i = 0; i < document.Tensors.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            WriteTensor(document.Tensors[i], output);
        }

        output.Write("]}"u8);
    }

    private void WriteTensor(TensorPayload tensor, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        if (tensor.Name is not null)
        {
            output.Write("\"name\":\""u8);
            output.Write(JsonEncodedText.Encode(tensor.Name, JsonAnswer.Compact.Encoder).EncodedUtf8Bytes);
            output.Write("\","u8);
        }

        if (tensor.Content is { } content)
        {
            ContentWriter.Write(content, output);
            output.Write("}"u8);
            return;
        }

        output.Write("\"data_type\":\""u8);
        output.Write(NameOf(tensor.DataType));
        output.Write("\",\"shape\":["u8);
        WriteShape(tensor.Shape, output);
        output.Write("]"u8);
        if (tensor.DataType != TensorDataType.Unknown)
        {
            WriteData(tensor, output);
        }

        output.Write("}"u8);
    }

    private void WriteData(TensorPayload tensor, IBufferWriter<byte> output)
    {
        if (withNumbers)
        {
            output.Write(",\"data\":["u8);
            WriteNumbers(tensor, output);
            output.Write("]"u8);
        }

        if (withBytes)
        {
            output.Write(",\"byte_buffer\":{\"array\":\""u8);
            WriteBase64(tensor.Data.Span, output);
            output.Write("\",\"order\":\"LITTLE_ENDIAN\"}"u8);
        }
    }

    private static void WriteShape(IReadOnlyList<long> shape, IBufferWriter<byte> output)
    {
        for (var i = 0; i < shape.Count; i++)
        {
            var span = output.GetSpan(NumberText.MaxBytes + 1);
            var comma = i > 0 ? 1 : 0;
            span[0] = (byte)',';
            output.Advance(comma + NumberText.Write(shape[i], span[comma..]));
        }
    }

    private static void WriteNumbers(TensorPayload tensor, IBufferWriter<byte> output)
    {
        var data = tensor.Data.Span;
        var step = NumbersAtOnce * SizeOf(tensor.DataType);
        for (var start = 0; start < data.Length; start += step)
        {
            var part = data.Slice(start, Math.Min(step, data.Length - start));
            var span = output.GetSpan((NumbersAtOnce * (NumberText.MaxBytes + 1)) + 1);
            var count = WritePart(tensor.DataType, part, span);
            // Every number is followed by a comma: the last one of all goes again.
            output.Advance(start + step < data.Length ? count : count - 1);
        }
    }

    private static int WritePart(TensorDataType type, ReadOnlySpan<byte> data, Span<byte> to) => type switch
    {
        TensorDataType.Float32 => WriteFloats(MemoryMarshal.Cast<byte, float>(data), to),
        TensorDataType.Float64 => WriteEach<double>(data, to, NumberText.Write),
        TensorDataType.Float16 => WriteEach<Half>(data, to, static (v, t) => NumberText.Write((float)v, t)),
        TensorDataType.UInt8 => WriteEach<byte>(data, to, static (v, t) => NumberText.Write((long)v, t)),
        TensorDataType.Int8 => WriteEach<sbyte>(data, to, static (v, t) => NumberText.Write((long)v, t)),
        TensorDataType.Int32 => WriteEach<int>(data, to, static (v, t) => NumberText.Write((long)v, t)),
        TensorDataType.Int64 => WriteEach<long>(data, to, NumberText.Write),
        // Numbers there too: OpenSearch's data is an array of numbers whatever the type.
        TensorDataType.Boolean => WriteEach<byte>(data, to, static (v, t) => NumberText.Write(v == 0 ? 0L : 1L, t)),
        _ => throw new InvalidOperationException($"tensor type {type} has no JSON form"),
    };

    private static int WriteFloats(ReadOnlySpan<float> values, Span<byte> to)
    {
        var count = 0;
        foreach (var value in values)
        {
            count += NumberText.Write(value, to[count..]);
            to[count++] = (byte)',';
        }

        return count;
    }

    private static int WriteEach<T>(ReadOnlySpan<byte> data, Span<byte> to, WriteNumber<T> write)
        where T : unmanaged
    {
        var count = 0;
        foreach (var value in MemoryMarshal.Cast<byte, T>(data))
        {
            count += write(value, to[count..]);
            to[count++] = (byte)',';
        }

        return count;
    }

    private static void WriteBase64(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        // A multiple of three, so that only the last part is padded.
        const int Step = 3 * 4096;
        for (var start = 0; start < data.Length; start += Step)
        {
            var part = data.Slice(start, Math.Min(Step, data.Length - start));
            Base64.EncodeToUtf8(part, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(part.Length)),
                out _, out var written);
            output.Advance(written);
        }
    }

    private static int SizeOf(TensorDataType type) => type switch
    {
        TensorDataType.Float64 or TensorDataType.Int64 => 8,
        TensorDataType.Float32 or TensorDataType.Int32 => 4,
        TensorDataType.Float16 => 2,
        _ => 1,
    };

    // Measured on embeddings: a float takes 11 to 13 characters with its comma. Whole numbers are most often small, but
    // nobody knows; these are the longest.
    private static int TextBytes(TensorDataType type) => type switch
    {
        TensorDataType.Float64 => 22,
        TensorDataType.Float32 or TensorDataType.Float16 => 13,
        TensorDataType.Int64 => 21,
        TensorDataType.Int32 => 12,
        _ => 4,
    };

    private static ReadOnlySpan<byte> NameOf(TensorDataType type) => type switch
    {
        TensorDataType.Float32 => "FLOAT32"u8,
        TensorDataType.Float64 => "FLOAT64"u8,
        TensorDataType.Float16 => "FLOAT16"u8,
        TensorDataType.UInt8 => "UINT8"u8,
        TensorDataType.Int8 => "INT8"u8,
        TensorDataType.Int32 => "INT32"u8,
        TensorDataType.Int64 => "INT64"u8,
        TensorDataType.Boolean => "BOOLEAN"u8,
        _ => "UNKNOWN"u8,
    };

    private delegate int WriteNumber<in T>(T value, Span<byte> to);
}
