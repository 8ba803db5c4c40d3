using System.Buffers.Binary;
using System.Text;

namespace MlCluster.Inference.Archive.Zip;

/// <summary>Reads a zip's central directory in one go and refuses what readers could understand differently.</summary>
/// <param name="Members">In the directory's order.</param>
/// <param name="Offset">Where the directory starts: all members end before it.</param>
internal sealed record ZipDirectory(IReadOnlyList<ZipMember> Members, long Offset)
{
    private const int HeaderBytes = 46;
    private const uint HeaderSignature = 0x02014b50;
    private const int Zip64Extra = 1;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the directory.</summary>
    /// <param name="zip">Seekable; read at its end only.</param>
    /// <param name="what">Name of the file for messages.</param>
    /// <param name="maxMembers">Most entries.</param>
    /// <exception cref="ModelFormatException">It is not a zip, or not a plain one.</exception>
    public static ZipDirectory Read(Stream zip, string what, int maxMembers)
    {
        var end = ZipEnd.Read(zip, what);
        if (end.Members > maxMembers)
        {
            throw new ModelFormatException($"{what} has {end.Members} members; the limit is {maxMembers}");
        }

        // A name and its extra fields are at most 64 KiB each; real ones have a few hundred bytes.
        if (end.DirectoryBytes > Math.Max(1 << 20, maxMembers * 1024L))
        {
            throw new ModelFormatException($"{what} has a directory of {end.DirectoryBytes} bytes, which is too much");
        }

        var bytes = new byte[end.DirectoryBytes];
        zip.Position = end.DirectoryOffset;
        zip.ReadExactly(bytes);
        return new ZipDirectory(ReadMembers(bytes, end.Members, what), end.DirectoryOffset);
    }

    private static List<ZipMember> ReadMembers(ReadOnlySpan<byte> bytes, long count, string what)
    {
        var members = new List<ZipMember>((int)count);
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != HeaderSignature)
            {
                throw ZipEnd.NotZip(what, $"entry {members.Count} of its directory is damaged");
            }

            var (member, length) = ReadMember(bytes, what);
            members.Add(member);
            bytes = bytes[length..];
        }

        return members.Count == count
            ? members
            : throw ZipEnd.NotZip(what, $"its directory has {members.Count} entries and claims {count}");
    }

    private static (ZipMember Member, int Length) ReadMember(ReadOnlySpan<byte> bytes, string what)
    {
        var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        var length = HeaderBytes + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]);
        if (length > bytes.Length)
        {
            throw ZipEnd.NotZip(what, "its directory is cut short");
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[34..]) != 0)
        {
            throw ZipEnd.NotZip(what, "a member lies in another part of it");
        }

        var name = bytes.Slice(HeaderBytes, nameLength).ToArray();
        var extra = bytes.Slice(HeaderBytes + nameLength, extraLength);
        var (size, packed, offset) = ReadSizes(bytes, extra, what);
        return (new ZipMember(
            MemberName.Normalize(Decode(name), what),
            name,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
            packed,
            size,
            offset,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..])), length);
    }

    private static (long Size, long Packed, long Offset) ReadSizes(
        ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra, string what)
    {
        var large = Zip64Field(extra);
        var size = Widen(BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), ref large, what);
        var packed = Widen(BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), ref large, what);
        var offset = Widen(BinaryPrimitives.ReadUInt32LittleEndian(header[42..]), ref large, what);
        return size >= 0 && packed >= 0 && offset >= 0
            ? (size, packed, offset)
            : throw ZipEnd.NotZip(what, "a size in its directory is negative");
    }

    private static long Widen(uint value, ref ReadOnlySpan<byte> large, string what)
    {
        if (value != uint.MaxValue)
        {
            return value;
        }

        if (large.Length < sizeof(long))
        {
            throw ZipEnd.NotZip(what, "a zip64 size is missing in its directory");
        }

        var wide = BinaryPrimitives.ReadInt64LittleEndian(large);
        large = large[sizeof(long)..];
        return wide;
    }

    private static ReadOnlySpan<byte> Zip64Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (4 + length > extra.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Extra)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return default;
    }

    private static string Decode(byte[] name)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(name);
        }
    }
}
