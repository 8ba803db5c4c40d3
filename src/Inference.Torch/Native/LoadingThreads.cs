using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MlCluster.Inference.Native;

/// <summary>The threads that load models and tokenizers: kept, and the one used last is used next.</summary>
/// <remarks>
/// The C library gives threads heaps of their own. What a load leaves behind for good, names and types above all, lies
/// scattered between the model's own small blocks; on ever new threads it would do so in one heap after another.
/// A thread that does not come back is simply never used again.
/// </remarks>
internal static class LoadingThreads
{
    private static readonly ConcurrentStack<LoadingThread> Idle = new();

    /// <summary>Runs work on one of them and waits for it.</summary>
    public static T Run<T>(Func<T> work)
    {
        var thread = Idle.TryPop(out var idle) ? idle : new LoadingThread();
        var result = default(T)!;
        var error = thread.Run(() => result = work());
        Idle.Push(thread);
        error?.Throw();
        return result;
    }

    private sealed class LoadingThread
    {
        private readonly SemaphoreSlim _asked = new(0);
        private readonly SemaphoreSlim _done = new(0);
        private Action? _work;
        private ExceptionDispatchInfo? _error;

        public LoadingThread() => new Thread(Loop) { IsBackground = true, Name = "model loading" }.Start();

        public ExceptionDispatchInfo? Run(Action work)
        {
            _work = work;
            _asked.Release();
            _done.Wait();
            return _error;
        }

        private void Loop()
        {
            while (true)
            {
                _asked.Wait();
                _error = Try(_work!);
                _work = null;
                _done.Release();
            }
        }

        private static ExceptionDispatchInfo? Try(Action work)
        {
            try
            {
                work();
                return null;
            }
            catch (Exception error)
            {
                return ExceptionDispatchInfo.Capture(error);
            }
        }
    }
}
