using MlCluster.Messages.Models;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Content;

public sealed class ContentFetcherTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task FetchAsync_AllChunks_WritesThemInOrderAndTellsProgress()
    {
        var progress = new List<float>();
        var command = TestModels.Load(archive: [7, 7]) with
        {
            Chunks = [new ChunkRef(0, 1, 1, ""), new ChunkRef(1, 2, 1, "")],
        };

        var path = await Fetcher([7]).FetchAsync(command, progress.Add, CancellationToken.None);

        Assert.Equal([7, 7], await File.ReadAllBytesAsync(path));
        Assert.Equal([0.5f, 1f], progress);
    }

    [Fact]
    public async Task FetchAsync_OtherContent_IsRefusedAndLeavesNothing()
    {
        var fetch = Fetcher([9]).FetchAsync(TestModels.Load(archive: [7]), _ => { }, CancellationToken.None);

        var error = await Assert.ThrowsAsync<LoadRefusedException>(() => fetch);
        Assert.StartsWith("model content changed", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "2b4c342f5433ebe591a1da77e013d1b72475562d48578dca8b84bac6651c3cb9",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "ca358758f6d27e6cf45272937977a748fd88391db679ceda7dc7bf1f005ee879",
            error.Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.FullName));
    }

    private ContentFetcher Fetcher(byte[] chunk) => new(new FakeEngine { Archive = chunk }, _temp.FullName);
}
