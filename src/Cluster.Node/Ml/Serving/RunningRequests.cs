using System.Collections.Concurrent;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The requests of one model that are being answered, so that they can be withdrawn; any thread.</summary>
internal sealed class RunningRequests(TimeProvider time)
{
    private readonly ConcurrentDictionary<Running, byte> _running = new();

    /// <summary>Enters one group of a request; leaves when disposed.</summary>
    public Running Enter(string requestId, TimeSpan timeout)
    {
        var running = new Running(this, requestId, new CancellationTokenSource(timeout, time));
        _running.TryAdd(running, 0);
        return running;
    }

    /// <summary>Ends all groups of a request that are still answered.</summary>
    public void Withdraw(string requestId)
    {
        foreach (var (running, _) in _running)
        {
            if (running.RequestId == requestId)
            {
                running.Withdraw();
            }
        }
    }

    /// <summary>One group.</summary>
    internal sealed class Running(RunningRequests all, string requestId, CancellationTokenSource ended) : IDisposable
    {
        public string RequestId => requestId;

        /// <summary>Ends when its time is over or it is withdrawn.</summary>
        public CancellationToken Token { get; } = ended.Token;

        /// <summary>True when nobody waits for its answer.</summary>
        public bool IsWithdrawn { get; private set; }

        public void Withdraw()
        {
            IsWithdrawn = true;
            try
            {
                ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was answered in the same moment.
            }
        }

        public void Dispose()
        {
            all._running.TryRemove(this, out _);
            ended.Dispose();
        }
    }
}
