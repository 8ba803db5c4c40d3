using System.Buffers.Binary;
using CsCheck;

namespace MlCluster.Inference.Tests;

/// <summary>Damages bytes as broken disks, cut transfers and hostile clients do.</summary>
internal static class Mutations
{
    // Where sizes, counts and offsets are, these are the ones that go wrong.
    private static readonly uint[] Numbers =
        [0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, uint.MaxValue];

    /// <summary>Some damage to one of the originals.</summary>
    public static Gen<byte[]> Of(params byte[][] originals) =>
        from original in Gen.Int[0, originals.Length - 1].Select(i => originals[i])
        from steps in Step.Array[1, 4]
        select steps.Aggregate(original, (bytes, step) => bytes.Length == 0 ? bytes : step(bytes));

    private static Gen<Func<byte[], byte[]>> Step =>
        from kind in Gen.Int[0, 5]
        from place in Gen.Double[0, 1]
        from other in Gen.Double[0, 1]
        from value in Gen.Byte
        from number in Gen.Int[0, Numbers.Length - 1].Select(i => Numbers[i])
        select (Func<byte[], byte[]>)(bytes => Damage(
            bytes, kind, (int)(place * (bytes.Length - 1)), (int)(other * 64), value, number));

    private static byte[] Damage(byte[] bytes, int kind, int at, int length, byte value, uint number)
    {
        var end = Math.Min(bytes.Length, at + length);
        var copy = (byte[])bytes.Clone();
        switch (kind)
        {
            case 0:
                copy[at] = value;
                return copy;
            case 1:
                copy[at] ^= (byte)(1 << (value & 7));
                return copy;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[end..]];
            case 4:
                return [.. bytes[..end], .. bytes[at..]];
            default:
                if (at + sizeof(uint) <= copy.Length)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(at), number);
                }

                return copy;
        }
    }
}
