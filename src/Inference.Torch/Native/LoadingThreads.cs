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
    public static T Run<T>(Func<T> work) => Start(work)();

    /// <summary>Begins work on one of them.</summary>
    /// <returns>Waits for the result; it need not be called.</returns>
    public static Func<T> Start<T>(Func<T> work)
    {
        var asked = new Work<T>(work);
        var thread = Idle.TryPop(out var idle) ? idle : new LoadingThread();
        thread.Take(asked);
        return asked.Wait;
    }

    private interface IWork
    {
        void Do();

        void Tell();
    }

    private sealed class Work<T>(Func<T> work) : IWork
    {
        private readonly ManualResetEventSlim _done = new();
        private T _result = default!;
        private ExceptionDispatchInfo? _error;

        public void Do()
        {
            try
            {
                _result = work();
            }
            catch (Exception error)
            {
                _error = ExceptionDispatchInfo.Capture(error);
            }
        }

        public void Tell() => _done.Set();

        public T Wait()
        {
            _done.Wait();
            _error?.Throw();
            return _result;
        }
    }

    private sealed class LoadingThread
    {
        private readonly BlockingCollection<IWork> _asked = [];

        public LoadingThread() => new Thread(Loop) { IsBackground = true, Name = "model loading" }.Start();

        public void Take(IWork work) => _asked.Add(work);

        private void Loop()
        {
            foreach (var work in _asked.GetConsumingEnumerable())
            {
                work.Do();

                // Before anybody hears of it: whoever asks next finds this thread.
                Idle.Push(this);
                work.Tell();
            }
        }
    }
}
