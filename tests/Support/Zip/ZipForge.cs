using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlCluster.Tests.Support.Zip;

/// <summary>Writes zips whose directory says whatever a test wants it to say.</summary>
internal sealed class ZipForge
{
    public const string Tokenizer = """{"version": "1.0", "model": {"type": "WordPiece", "vocab": {}}}""";

    private const int Stored = 0;
    private const int Deflated = 8;

    private readonly List<ForgedMember> _members = [];

    /// <summary>An archive that is right in every way.</summary>
    public static ZipForge Good() => new ZipForge().Add("model.pt", "weights").Add("tokenizer.json", Tokenizer);

    public ZipForge Add(string name, string text, bool deflate = true) =>
        Add(name, Encoding.UTF8.GetBytes(text), deflate);

    public ZipForge Add(string name, byte[] data, bool deflate = true)
    {
        var packed = deflate ? Deflate(data) : data;
        var method = deflate ? Deflated : Stored;
        var crc = Crc(data);
        _members.Add(new ForgedMember(
            name, name, packed, packed.Length, data.Length, crc, method, Flags: 0, 0x81A4, Offset: null));
        return this;
    }

    /// <summary>Changes the member added last; the local header follows, but for its name.</summary>
    public ZipForge Edit(Func<ForgedMember, ForgedMember> edit)
    {
        _members[^1] = edit(_members[^1]);
        return this;
    }

    public byte[] Build(bool zip64 = false)
    {
        var file = new MemoryStream();
        var offsets = _members.ConvertAll(member => WriteLocal(file, member));
        var directory = file.Position;
        for (var i = 0; i < _members.Count; i++)
        {
            WriteCentral(file, _members[i], _members[i].Offset ?? offsets[i]);
        }

        WriteEnd(file, directory, zip64);
        return file.ToArray();
    }

    public static byte[] Deflate(byte[] data)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(data);
        }

        return packed.ToArray();
    }

    // A gzip ends with the CRC of its content and the content's length; of nothing at all no gzip is written.
    private static uint Crc(byte[] data)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return data.Length > 0 ? BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan()[^8..]) : 0;
    }

    private static long WriteLocal(MemoryStream file, ForgedMember member)
    {
        var (offset, name) = (file.Position, Encoding.UTF8.GetBytes(member.LocalName));
        var header = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        WriteCommon(header.AsSpan(4), member, name.Length);
        file.Write(header);
        file.Write(name);
        file.Write(member.Packed);
        return offset;
    }

    private static void WriteCentral(MemoryStream file, ForgedMember member, long offset)
    {
        var name = Encoding.UTF8.GetBytes(member.Name);
        var header = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014b50);
        header[5] = 3;
        WriteCommon(header.AsSpan(6), member, name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(40), (ushort)member.Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), (uint)offset);
        file.Write(header);
        file.Write(name);
    }

    private static void WriteCommon(Span<byte> header, ForgedMember member, int nameLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, 20);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)member.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], (ushort)member.Method);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], member.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], (uint)member.PackedSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], (uint)member.Size);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)nameLength);
    }

    private void WriteEnd(MemoryStream file, long directory, bool zip64)
    {
        var bytes = file.Position - directory;
        if (zip64)
        {
            WriteEnd64(file, directory, bytes);
        }

        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)_members.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)_members.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), zip64 ? uint.MaxValue : (uint)directory);
        file.Write(end);
    }

    private void WriteEnd64(MemoryStream file, long directory, long bytes)
    {
        var records = new byte[76];
        BinaryPrimitives.WriteUInt32LittleEndian(records, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(records.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(records.AsSpan(24), _members.Count);
        BinaryPrimitives.WriteInt64LittleEndian(records.AsSpan(32), _members.Count);
        BinaryPrimitives.WriteInt64LittleEndian(records.AsSpan(40), bytes);
        BinaryPrimitives.WriteInt64LittleEndian(records.AsSpan(48), directory);
        BinaryPrimitives.WriteUInt32LittleEndian(records.AsSpan(56), 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(records.AsSpan(64), file.Position);
        file.Write(records);
    }
}

/// <summary>A member as it will be written; sizes need not be true.</summary>
internal sealed record ForgedMember(
    string LocalName,
    string Name,
    byte[] Packed,
    long PackedSize,
    long Size,
    uint Crc,
    int Method,
    int Flags,
    int Mode,
    long? Offset);
