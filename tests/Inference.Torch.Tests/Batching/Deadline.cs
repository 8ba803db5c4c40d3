namespace MlCluster.Inference.Tests.Batching;

/// <summary>Waits with a limit that says what did not happen.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await ((Task)task).Within(what);
        return await task;
    }

    public static async Task Within(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"{what} did not happen within {Limit.TotalSeconds} s");
        }
    }

    /// <summary>For the worker threads of fakes, which have nothing to await with.</summary>
    public static void Within(this ManualResetEventSlim signal, string what) =>
        Assert.True(signal.Wait(Limit), $"{what} did not happen within {Limit.TotalSeconds} s");
}
