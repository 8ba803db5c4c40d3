using System.Buffers.Binary;

namespace MlCluster.Inference.Archive.Zip;

/// <summary>Where the central directory lies.</summary>
internal sealed record ZipEnd(long Members, long DirectoryOffset, long DirectoryBytes)
{
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int MaxCommentBytes = ushort.MaxValue;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;

    /// <summary>Reads the end records; the directory must end exactly where they begin.</summary>
    /// <remarks>
    /// Readers disagree about files with bytes before, between or behind; such a file could show one directory to
    /// this check and another to libtorch, so it is refused.
    /// </remarks>
    /// <exception cref="ModelFormatException">It is not a zip, or not a plain one.</exception>
    public static ZipEnd Read(Stream zip, string what)
    {
        var tail = ReadTail(zip, what);
        var position = tail.AsSpan(0, tail.Length - EndBytes + 4).LastIndexOf(Signature(EndSignature));
        if (position < 0)
        {
            throw NotZip(what, "it has no end-of-directory record; it is truncated or of another format");
        }

        var end = tail.AsSpan(position);
        if (end.Length != EndBytes + BinaryPrimitives.ReadUInt16LittleEndian(end[20..]))
        {
            throw NotZip(what, "bytes follow its end-of-directory record");
        }

        RefuseParts(
            BinaryPrimitives.ReadUInt16LittleEndian(end[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(end[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(end[8..]) == BinaryPrimitives.ReadUInt16LittleEndian(end[10..]),
            ushort.MaxValue,
            what);
        var endOffset = zip.Length - end.Length;
        var found = FromEnd(end);
        var locator = position - LocatorBytes;
        if (locator >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(locator)) == LocatorSignature)
        {
            endOffset -= LocatorBytes + End64Bytes;
            found = FromEnd64(tail, locator, endOffset, found, what);
        }

        return found.DirectoryOffset + found.DirectoryBytes == endOffset && found.DirectoryOffset >= 0
            ? found
            : throw NotZip(
                what, "its directory is not where its end record says; it is truncated or joined to other data");
    }

    public static ModelFormatException NotZip(string what, string reason) => new($"{what} is not a zip file: {reason}");

    private static byte[] ReadTail(Stream zip, string what)
    {
        var length = (int)Math.Min(zip.Length, EndBytes + MaxCommentBytes + LocatorBytes + End64Bytes);
        if (length < EndBytes)
        {
            throw NotZip(what, $"it has {length} bytes");
        }

        var tail = new byte[length];
        zip.Position = zip.Length - length;
        zip.ReadExactly(tail);
        return tail;
    }

    private static ZipEnd FromEnd(ReadOnlySpan<byte> end) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(end[10..]),
        BinaryPrimitives.ReadUInt32LittleEndian(end[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(end[12..]));

    private static ZipEnd FromEnd64(byte[] tail, int locator, long end64Offset, ZipEnd small, string what)
    {
        var start = locator - End64Bytes;
        var end64 = start < 0 ? default : tail.AsSpan(start, End64Bytes);
        if (end64.IsEmpty
            || BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8)) != end64Offset
            || BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Signature)
        {
            throw NotZip(what, "its zip64 records do not fit together");
        }

        RefuseParts(
            BinaryPrimitives.ReadUInt32LittleEndian(end64[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(end64[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(end64[24..]) == BinaryPrimitives.ReadInt64LittleEndian(end64[32..]),
            escape: 0,
            what);
        var found = new ZipEnd(
            BinaryPrimitives.ReadInt64LittleEndian(end64[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(end64[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(end64[40..]));
        return Agrees(small.Members, found.Members, ushort.MaxValue)
            && Agrees(small.DirectoryOffset, found.DirectoryOffset, uint.MaxValue)
            && Agrees(small.DirectoryBytes, found.DirectoryBytes, uint.MaxValue)
            && found is { Members: >= 0, DirectoryBytes: >= 0 }
            ? found
            : throw NotZip(what, "its two end records contradict each other");
    }

    // Some readers take the numbers of parts at their word, others pass over them.
    private static void RefuseParts(uint part, uint directoryPart, bool hasAllMembers, uint escape, string what)
    {
        if ((part != 0 && part != escape) || (directoryPart != 0 && directoryPart != escape) || !hasAllMembers)
        {
            throw NotZip(what, "it is one of several parts");
        }
    }

    private static bool Agrees(long small, long large, long escape) => small == escape || small == large;

    private static byte[] Signature(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
