using System.Buffers.Binary;
using System.Text;

namespace MlCluster.Inference.Native;

/// <summary>Edits what versions of symbols a shared library asks of the libraries it links to.</summary>
/// <remarks>
/// libLibTorchSharp.so was linked on a system with GLIBCXX_3.4.32 and names one symbol of it that it never calls, so
/// the loader of Debian 12 and Ubuntu 22.04 (GLIBCXX_3.4.30) refuses the file. A weak need is only a remark to the
/// loader; where the version exists nothing changes.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;
    private const int SectionHeaderBytes = 64;

    /// <summary>Marks every need of <paramref name="version"/> as weak, in place; tells how many there were.</summary>
    /// <exception cref="InvalidDataException">Not a little-endian 64-bit ELF file, or a damaged one.</exception>
    public static int MakeWeak(Span<byte> elf, string version)
    {
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        if (!elf.StartsWith(magic))
        {
            throw new InvalidDataException("not a little-endian 64-bit ELF file");
        }

        try
        {
            return MarkSections(elf, version);
        }
        catch (ArgumentOutOfRangeException cause)
        {
            throw new InvalidDataException("the ELF file's section headers point outside the file", cause);
        }
    }

    private static int MarkSections(Span<byte> elf, string version)
    {
        var sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);
        var marked = 0;
        for (var i = 0; i < count; i++)
        {
            var header = elf[(sections + (i * SectionHeaderBytes))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == VersionNeedSection)
            {
                var names = BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]);
                var strings = SectionOffset(elf[(sections + ((int)names * SectionHeaderBytes))..]);
                marked += MarkNeeds(elf, SectionOffset(header), elf[strings..], version);
            }
        }

        return marked;
    }

    private static int MarkNeeds(Span<byte> elf, int firstNeed, ReadOnlySpan<byte> strings, string version)
    {
        var marked = 0;
        for (int need = firstNeed, next = -1; next != 0; need += next)
        {
            next = ReadInt32(elf, need + 12);
            var entry = need + ReadInt32(elf, need + 8);
            for (var step = -1; step != 0; entry += step)
            {
                step = ReadInt32(elf, entry + 12);
                if (NameIs(strings[ReadInt32(elf, entry + 8)..], version))
                {
                    var flags = BinaryPrimitives.ReadUInt16LittleEndian(elf[(entry + 4)..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(elf[(entry + 4)..], (ushort)(flags | WeakFlag));
                    marked++;
                }
            }
        }

        return marked;
    }

    private static bool NameIs(ReadOnlySpan<byte> text, string name) =>
        text[..(name.Length + 1)].SequenceEqual(Encoding.ASCII.GetBytes(name + '\0'));

    private static int SectionOffset(ReadOnlySpan<byte> header) =>
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]));

    private static int ReadInt32(ReadOnlySpan<byte> elf, int offset) =>
        BinaryPrimitives.ReadInt32LittleEndian(elf[offset..]);
}
