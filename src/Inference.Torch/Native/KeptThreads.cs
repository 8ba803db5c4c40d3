using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MlCluster.Inference.Native;

/// <summary>Threads that run native code: kept, and the one used last is used next.</summary>
/// <remarks>
/// The C library gives threads heaps of their own, and what a thread leaves there stays with the process. On ever new
/// threads one model after another would leave megabytes in one heap after another. Each kind of work has its own
/// threads, since what a load leaves is many times what a forward does. A thread that does not come back is simply
/// never used again; none keeps the process alive.
/// </remarks>
/// <param name="name">Name of an idle thread.</param>
internal sealed class KeptThreads(string name)
{
    private readonly ConcurrentStack<KeptThread> _idle = new();

    /// <summary>Load modules and tokenizers, and compile.</summary>
    public static KeptThreads Loading { get; } = new("model loading");

    /// <summary>Run forwards.</summary>
    public static KeptThreads Serving { get; } = new("model serving");

    /// <summary>Runs work on one of them and waits for it.</summary>
    public T Run<T>(Func<T> work) => Start(work)();

    /// <summary>Begins work on one of them.</summary>
    /// <returns>Waits for the result; it need not be called.</returns>
    public Func<T> Start<T>(Func<T> work)
    {
        var asked = new Work<T>(work);
        var thread = _idle.TryPop(out var idle) ? idle : new KeptThread(name, _idle);
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

    private sealed class KeptThread
    {
        private readonly BlockingCollection<IWork> _asked = [];
        private readonly ConcurrentStack<KeptThread> _idle;

        public KeptThread(string name, ConcurrentStack<KeptThread> idle)
        {
            _idle = idle;
            new Thread(() => Loop(name)) { IsBackground = true }.Start();
        }

        public void Take(IWork work) => _asked.Add(work);

        private void Loop(string name)
        {
            Thread.CurrentThread.Name = name;
            while (true)
            {
                DoNext(name);
            }
        }

        // A frame of its own: an idle thread that still held its last work would hold that model's vocabulary with it.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void DoNext(string name)
        {
            var work = _asked.Take();
            work.Do();
            Thread.CurrentThread.Name = name;

            // Before anybody hears of it: whoever asks next finds this thread.
            _idle.Push(this);
            work.Tell();
        }
    }
}
