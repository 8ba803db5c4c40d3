using System.Collections.Concurrent;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Tests.Gateway;

public sealed class FanOutTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AskAll_Many_AreAskedInAWindowAndAnsweredInOrder()
    {
        var begun = 0;
        var open = new ConcurrentDictionary<int, int>();
        var counts = new ConcurrentBag<int>();
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var asked = Enumerable.Range(0, 1000).AskAllAsync(
            4,
            async (i, _) =>
            {
                open[i] = i;
                counts.Add(open.Count);
                if (Interlocked.Increment(ref begun) == 4)
                {
                    full.SetResult();
                }

                await full.Task.WaitAsync(Deadline, CancellationToken.None);
                open.TryRemove(i, out var _);
                return i * 2;
            },
            CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i * 2), await asked);
        Assert.Equal(4, counts.Max());
    }

    [Fact]
    public async Task AskAll_AfterAFailure_BeginsNoMore()
    {
        var begun = 0;

        var asked = Enumerable.Range(0, 1000).AskAllAsync<int, int>(
            1,
            (i, _) =>
            {
                begun++;
                return i < 3 ? Task.FromResult(i) : throw new InvalidOperationException("third");
            },
            CancellationToken.None);

        Assert.Equal("third", (await Assert.ThrowsAsync<InvalidOperationException>(() => asked)).Message);
        Assert.Equal(4, begun);
    }
}
