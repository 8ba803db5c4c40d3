using MlCluster.Inference.Native;
using MlCluster.Inference.Tests.Batching;

namespace MlCluster.Inference.Tests.Native;

/// <summary>Loads one after another share a thread; at the same time each has its own.</summary>
public sealed class LoadingThreadsTests
{
    [Fact]
    public void Run_Error_ReachesTheCallerAndTheThreadServesOn()
    {
        var error = Assert.Throws<InferenceException>(
            () => LoadingThreads.Run<int>(() => throw new InferenceException("broken")));

        Assert.Equal("broken", error.Message);
        Assert.Equal(7, LoadingThreads.Run(() => 7));
    }

    [Fact]
    public void Run_OneAfterAnother_ShareAThread()
    {
        var threads = Enumerable.Range(0, 5)
            .Select(_ => LoadingThreads.Run(() => Environment.CurrentManagedThreadId))
            .ToHashSet();

        // Tests of other classes may take one in between.
        Assert.True(threads.Count < 5, $"each of 5 loads had a thread of its own: {string.Join(", ", threads)}");
    }

    [Fact]
    public async Task Run_WhileAnotherIsStuck_TakesAnotherThread()
    {
        using var open = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        var stuck = Task.Factory.StartNew(
            () => LoadingThreads.Run(() =>
            {
                reached.Set();
                open.Within("opening");
                return Environment.CurrentManagedThreadId;
            }),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        reached.Within("the first load");

        var other = LoadingThreads.Run(() => Environment.CurrentManagedThreadId);

        open.Set();
        Assert.NotEqual(other, await stuck.Within("the stuck load"));
    }
}
