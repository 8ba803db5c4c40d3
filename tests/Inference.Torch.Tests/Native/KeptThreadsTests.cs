using System.Diagnostics;
using System.Runtime.CompilerServices;
using MlCluster.Inference.Native;
using MlCluster.Inference.Tests.Batching;

namespace MlCluster.Inference.Tests.Native;

/// <summary>Work one after another shares a thread; at the same time each has its own.</summary>
public sealed class KeptThreadsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly KeptThreads Threads = new("tests");

    [Fact]
    public void Run_Error_ReachesTheCallerAndTheThreadServesOn()
    {
        var error = Assert.Throws<InferenceException>(
            () => Threads.Run<int>(() => throw new InferenceException("broken")));

        Assert.Equal("broken", error.Message);
        Assert.Equal(7, Threads.Run(() => 7));
    }

    // What a model's work holds, its vocabulary above all, must not stay until the thread works again.
    [Fact]
    public void Run_WorkIsDone_TheIdleThreadHoldsNothingOfIt()
    {
        var threads = new KeptThreads("forgetful");
        var held = RunOn(threads);

        for (var clock = Stopwatch.StartNew(); held.IsAlive; GC.Collect())
        {
            Assert.True(clock.Elapsed < Limit, $"the work did not become garbage within {Limit}");
            Thread.Yield();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOn(KeptThreads threads)
    {
        var vocabulary = new object();
        threads.Run(vocabulary.GetHashCode);
        return new WeakReference(vocabulary);
    }

    [Fact]
    public void Run_OneAfterAnother_ShareAThread()
    {
        var threads = Enumerable.Range(0, 5)
            .Select(_ => Threads.Run(() => Environment.CurrentManagedThreadId))
            .ToHashSet();

        Assert.Single(threads);
    }

    [Fact]
    public async Task Run_WhileAnotherIsStuck_TakesAnotherThread()
    {
        using var open = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        var stuck = Task.Factory.StartNew(
            () => Threads.Run(() =>
            {
                reached.Set();
                open.Within("opening");
                return Environment.CurrentManagedThreadId;
            }),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        reached.Within("the first load");

        var other = Threads.Run(() => Environment.CurrentManagedThreadId);

        open.Set();
        Assert.NotEqual(other, await stuck.Within("the stuck load"));
    }
}
