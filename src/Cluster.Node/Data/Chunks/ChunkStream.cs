using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>An archive in the chunk journal as one seekable stream; one chunk is in memory.</summary>
/// <remarks>Reading blocks on the database: use it on a thread that may.</remarks>
internal sealed class ChunkStream : Stream
{
    private readonly IChunkSource _source;
    private readonly ModelId _model;
    private readonly ChunkRef[] _chunks;
    private readonly long[] _starts;
    private readonly CancellationToken _cancellationToken;
    private (int Index, byte[] Bytes)? _latest;

    /// <param name="chunks">All of them, in any order.</param>
    public ChunkStream(
        IChunkSource source, ModelId model, IEnumerable<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        _source = source;
        _model = model;
        _chunks = [.. chunks.OrderBy(c => c.Number)];
        _cancellationToken = cancellationToken;
        _starts = new long[_chunks.Length];
        for (var i = 0; i < _chunks.Length; i++)
        {
            _starts[i] = Length;
            Length += _chunks[i].LengthBytes;
        }
    }

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => true;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length { get; }

    /// <inheritdoc />
    public override long Position { get; set; }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var index = IndexAt(Position);
        var from = (int)(Position - _starts[index]);
        var bytes = Chunk(index).AsSpan(from);
        var count = Math.Min(bytes.Length, buffer.Length);
        bytes[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return Position = target;
    }

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int IndexAt(long position)
    {
        var found = Array.BinarySearch(_starts, position);
        return found >= 0 ? found : ~found - 1;
    }

    private byte[] Chunk(int index)
    {
        if (_latest is { } latest && latest.Index == index)
        {
            return latest.Bytes;
        }

        // Not needed any more, and the next one takes as much.
        _latest = null;
#pragma warning disable VSTHRD002 // Archive readers are synchronous; they run on a thread of their own.
        var bytes = _source.ReadAsync(_model, _chunks[index], _cancellationToken).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        _latest = (index, bytes);
        return bytes;
    }
}
