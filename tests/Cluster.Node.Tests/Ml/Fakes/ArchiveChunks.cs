using System.Security.Cryptography;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;

namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>An archive on disk, given out in chunks as the journal would.</summary>
internal sealed class ArchiveChunks(string path, int chunkBytes = 10_000_000) : IChunkSource
{
    public LoadModel Command(ModelId id, long plan = 1)
    {
        var size = new FileInfo(path).Length;
        var count = (int)((size + chunkBytes - 1) / chunkBytes);
        using var file = File.OpenRead(path);
        return TestModels.Load(id, plan) with
        {
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
            SizeBytes = size,
            Chunks = [.. Enumerable.Range(0, count).Select(n => new ChunkRef(n, n + 1, Length(size, n), ""))],
        };
    }

    public async Task<byte[]> ReadAsync(ModelId model, ChunkRef chunk, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        file.Seek((long)chunk.Number * chunkBytes, SeekOrigin.Begin);
        var bytes = new byte[chunk.LengthBytes];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private int Length(long size, int number) => (int)Math.Min(chunkBytes, size - ((long)number * chunkBytes));
}
