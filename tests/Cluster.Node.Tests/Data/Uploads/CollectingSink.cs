using System.Security.Cryptography;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Uploads;

namespace MlCluster.Node.Tests.Data.Uploads;

internal sealed class CollectingSink : IChunkSink
{
    private readonly MemoryStream _content = new();

    public Exception? Fails { get; set; }

    public List<int> Sizes { get; } = [];

    public byte[] Content => _content.ToArray();

    public async Task StoreAsync(int number, ChunkBuffers.Lease lease, int lengthBytes, string sha256)
    {
        // Like a journal it takes its time; the bytes are read after the next chunk began to come.
        await Task.Yield();
        Assert.Equal(Sizes.Count, number);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(lease.Array.AsSpan(0, lengthBytes))));
        await _content.WriteAsync(lease.Array.AsMemory(0, lengthBytes));
        Sizes.Add(lengthBytes);
        lease.Return();
        if (Fails is not null)
        {
            throw Fails;
        }
    }
}
