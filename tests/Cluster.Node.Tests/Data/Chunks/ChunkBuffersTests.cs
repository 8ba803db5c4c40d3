using MlCluster.Node.Data.Chunks;

namespace MlCluster.Node.Tests.Data.Chunks;

public class ChunkBuffersTests
{
    [Fact]
    public void TryRent_AllInUse_GivesNone()
    {
        using var buffers = new ChunkBuffers(capacity: 1, retained: 1, sizeBytes: 10);
        var lease = buffers.TryRent();

        Assert.Null(buffers.TryRent());
        lease!.Return();
        Assert.NotNull(buffers.TryRent());
    }

    [Fact]
    public void Return_GivesTheArrayToTheNext()
    {
        using var buffers = new ChunkBuffers(2, 1, 10);
        var first = buffers.TryRent()!;
        first.Return();

        Assert.Same(first.Array, buffers.TryRent()!.Array);
    }

    [Fact]
    public void Abandon_NeverGivesTheArrayAgain()
    {
        using var buffers = new ChunkBuffers(2, 2, 10);
        var first = buffers.TryRent()!;
        first.Abandon();

        Assert.NotSame(first.Array, buffers.TryRent()!.Array);
    }

    [Fact]
    public void Return_Twice_FreesOnce()
    {
        using var buffers = new ChunkBuffers(1, 1, 10);
        var lease = buffers.TryRent()!;
        lease.Return();
        lease.Return();
        lease.Abandon();

        Assert.NotNull(buffers.TryRent());
        Assert.Null(buffers.TryRent());
    }

    [Fact]
    public async Task RentAsync_AllInUse_WaitsForOne()
    {
        using var buffers = new ChunkBuffers(1, 1, 10);
        var lease = buffers.TryRent()!;
        var waiting = buffers.RentAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        lease.Return();

        Assert.Same(lease.Array, (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Array);
    }
}
