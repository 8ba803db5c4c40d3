using System.Runtime.InteropServices;
using System.Text;

namespace MlCluster.Inference.Archive.Onnx;

/// <summary>Reads protobuf's wire format front to back, a buffer at a time, whatever the file's size.</summary>
/// <remarks>
/// Nothing is trusted: a length that leaves the message around it ends the reading, with a
/// <see cref="FormatException"/>.
/// </remarks>
internal sealed class WireReader(Stream stream, CancellationToken cancellationToken)
{
    private const int MaxVarintBytes = 10;
    private const int FieldShift = 3;
    private const int WireMask = 7;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _at;
    private int _filled;

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Moves to the next field of a message.</summary>
    /// <param name="end">Where the message ends; <see cref="long.MaxValue"/>: with the file.</param>
    /// <returns>Null: the message is over.</returns>
    public WireField? NextField(long end)
    {
        if (Position == end || (end == long.MaxValue && IsAtEnd()))
        {
            return null;
        }

        var tag = ReadVarint(end);
        return tag <= uint.MaxValue && tag >> FieldShift is > 0 and var number
            ? new WireField((int)number, (WireKind)(tag & WireMask))
            : throw Damaged();
    }

    /// <summary>A number.</summary>
    public ulong ReadVarint(long end)
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            var next = ReadByte(end);
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    /// <summary>Where the part that begins here ends: a text, bytes, or a message in the message.</summary>
    public long ReadEnd(long end)
    {
        var length = ReadVarint(end);
        return length <= (ulong)(end - Position) ? Position + (long)length : throw Damaged();
    }

    /// <summary>The text from here to <paramref name="end"/>, of at most <paramref name="maxBytes"/>.</summary>
    public string ReadText(long end, int maxBytes)
    {
        var length = end - Position;
        var bytes = new byte[length <= maxBytes ? length : throw Damaged()];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = ReadByte(end);
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Passes over a field's value.</summary>
    public void Skip(WireKind kind, long end)
    {
        switch (kind)
        {
            case WireKind.Varint:
                ReadVarint(end);
                break;
            case WireKind.Fixed64:
                SkipTo(Position + sizeof(ulong), end);
                break;
            case WireKind.Fixed32:
                SkipTo(Position + sizeof(uint), end);
                break;
            case WireKind.Bytes:
                SkipTo(ReadEnd(end), end);
                break;
            default:
                // Groups: no version of ONNX has any.
                throw Damaged();
        }
    }

    /// <summary>The refusal of a file that is no message.</summary>
    public FormatException Damaged() => new($"it is damaged at byte {Position}");

    private void SkipTo(long target, long end)
    {
        if (target > end)
        {
            throw Damaged();
        }

        while (Position < target)
        {
            Fill();
            var step = (int)Math.Min(target - Position, _filled - _at);
            _at += step;
            Position += step;
        }
    }

    private byte ReadByte(long end)
    {
        if (Position >= end)
        {
            throw Damaged();
        }

        Fill();
        Position++;
        return _buffer[_at++];
    }

    private bool IsAtEnd()
    {
        Refill();
        return _at == _filled;
    }

    private void Fill()
    {
        if (IsAtEnd())
        {
            throw Damaged();
        }
    }

    private void Refill()
    {
        if (_at == _filled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (_at, _filled) = (0, stream.Read(_buffer, 0, _buffer.Length));
        }
    }
}

/// <summary>A field's number and how its value is written.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WireField(int Number, WireKind Kind);

/// <summary>Protobuf's ways to write a value.</summary>
internal enum WireKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    GroupStart = 3,
    GroupEnd = 4,
    Fixed32 = 5,
}
