using System.IO.Compression;

namespace MlCluster.Inference.Archive.Zip;

/// <summary>A member's unpacked bytes, which turn out to be exactly those that the directory promised.</summary>
/// <remarks>Reading throws <see cref="ModelFormatException"/> at the first byte too many, too few or wrong.</remarks>
internal sealed class MemberStream : ReadOnlyStream
{
    private readonly Stream _unpacked;
    private readonly ZipMember _member;
    private readonly string _what;
    private long _count;
    private uint _crc;

    public MemberStream(Stream zip, ZipMember member, long dataOffset, string what)
    {
        zip.Position = dataOffset;
        var packed = new BoundedStream(zip, member.PackedBytes);
        _unpacked = member.Method == ZipMember.Deflated
            ? new DeflateStream(packed, CompressionMode.Decompress)
            : packed;
        (_member, _what) = (member, what);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = ReadUnpacked(buffer);
        _count += read;
        _crc = Crc32.Append(_crc, buffer[..read]);
        if (_count > _member.Bytes || (read == 0 && buffer.Length > 0 && _count < _member.Bytes))
        {
            throw new ModelFormatException(
                $"{_what} has a directory that lies: {_member.Name} does not have the {_member.Bytes} bytes it claims");
        }

        return read == 0 && buffer.Length > 0 && _crc != _member.Crc
            ? throw new ModelFormatException($"{_what} is damaged: {_member.Name} fails its CRC-32; send it again")
            : read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadUnpacked(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException($"{_what} is damaged: {_member.Name} cannot be inflated; send it again", e);
        }
    }
}
