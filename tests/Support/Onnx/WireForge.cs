using System.Buffers.Binary;
using System.Text;

namespace MlCluster.Tests.Support.Onnx;

/// <summary>Writes one protobuf message, field by field, whatever a test wants in it.</summary>
internal sealed class WireForge
{
    private readonly MemoryStream _bytes = new();

    public byte[] Build() => _bytes.ToArray();

    public WireForge Number(int field, ulong value)
    {
        Varint((ulong)field << 3);
        Varint(value);
        return this;
    }

    public WireForge Single(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public WireForge Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public WireForge Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public WireForge Message(int field, WireForge value) => Bytes(field, value.Build());

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}
