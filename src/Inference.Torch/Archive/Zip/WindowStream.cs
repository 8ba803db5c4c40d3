namespace MlCluster.Inference.Archive.Zip;

/// <summary>
/// Reads another stream a block at a time and seeks in it only where a block does not follow the last one.
/// </summary>
/// <remarks>
/// BufferedStream seeks back and forth on every change of position; here each seek can cost a chunk's fetch. The other
/// stream stays open.
/// </remarks>
internal sealed class WindowStream(Stream inner, int blockBytes) : ReadOnlyStream
{
    private readonly byte[] _block = new byte[Math.Min(blockBytes, inner.Length)];
    private long _start;
    private int _length;

    public override long Length => inner.Length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (Position < _start || Position >= _start + _length)
        {
            Fill();
        }

        var offset = (int)(Position - _start);
        var count = Math.Min(buffer.Length, _length - offset);
        _block.AsSpan(offset, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    private void Fill()
    {
        if (inner.Position != Position)
        {
            inner.Position = Position;
        }

        _start = Position;
        _length = inner.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
    }
}
