using CsCheck;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Chunks;

public class ChunkStreamTests
{
    [Fact]
    public void Read_AnySeeksAndSizes_GivesWhatOneArrayWould()
    {
        var gen = Gen.Select(
            Gen.Byte.Array[1, 20].Array[1, 8],
            Gen.Select(Gen.Int[0, 160], Gen.Int[1, 50]).Array[1, 30]);

        gen.Sample((chunks, reads) =>
        {
            var whole = chunks.SelectMany(c => c).ToArray();
            using var stream = Open(new MemorySource(chunks), chunks);
            Assert.Equal(whole.Length, stream.Length);
            foreach (var (at, count) in reads)
            {
                var from = Math.Min(at, whole.Length);
                stream.Seek(from, SeekOrigin.Begin);
                var buffer = new byte[Math.Min(count, whole.Length - from)];

                stream.ReadExactly(buffer);

                Assert.Equal(whole.AsSpan(from, buffer.Length).ToArray(), buffer);
            }
        });
    }

    [Fact]
    public void Read_FrontToBack_ReadsEachChunkOnce()
    {
        byte[][] chunks = [[1, 2, 3], [4, 5], [6]];
        var source = new MemorySource(chunks);
        using var stream = Open(source, chunks);

        while (stream.ReadByte() >= 0)
        {
            // One byte at a time.
        }

        Assert.Equal([0, 1, 2], source.Reads);
    }

    [Fact]
    public void Read_AtTheEnd_GivesNothing()
    {
        byte[][] chunks = [[1, 2, 3]];
        using var stream = Open(new MemorySource(chunks), chunks);
        stream.Seek(0, SeekOrigin.End);

        Assert.Equal(-1, stream.ReadByte());
    }

    [Fact]
    public void Length_OverTwoGigabytes_IsCounted()
    {
        var chunks = Enumerable.Range(0, 300).Select(i => new ChunkRef(i, i, 10_000_000, ""));
        using var stream = new ChunkStream(new MemorySource([]), Some.Model, chunks, CancellationToken.None);

        Assert.Equal(3_000_000_000, stream.Length);
    }

    // Out of order, as a manifest may be.
    private static ChunkStream Open(MemorySource source, byte[][] chunks) => new(
        source,
        Some.Model,
        chunks.Select((c, i) => new ChunkRef(i, i + 1, c.Length, "")).Reverse(),
        CancellationToken.None);

    private sealed class MemorySource(byte[][] chunks) : IChunkSource
    {
        public List<int> Reads { get; } = [];

        public Task<byte[]> ReadAsync(ModelId model, ChunkRef chunk, CancellationToken cancellationToken)
        {
            Reads.Add(chunk.Number);
            return Task.FromResult(chunks[chunk.Number]);
        }
    }
}
