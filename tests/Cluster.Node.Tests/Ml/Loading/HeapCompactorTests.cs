using MlCluster.Node.Ml.Loading;

namespace MlCluster.Node.Tests.Ml.Loading;

/// <summary>How many collections unloads cost.</summary>
public class HeapCompactorTests
{
    [Fact]
    public async Task CompactAsync_ManyDuringOneCollection_ShareTheNext()
    {
        using var began = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var collections = 0;
        var compactor = new HeapCompactor(() =>
        {
            Interlocked.Increment(ref collections);
            began.Set();
            mayEnd.Wait();
        });
        var first = Task.Run(compactor.CompactAsync);
        began.Wait();

        Task[] others = [.. Enumerable.Range(0, 100).Select(_ => compactor.CompactAsync())];

        Assert.DoesNotContain(others, o => o.IsCompleted);
        mayEnd.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(2, collections);
        await compactor.CompactAsync();
        Assert.Equal(3, collections);
    }
}
