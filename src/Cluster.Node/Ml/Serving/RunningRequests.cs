using System.Collections.Concurrent;
using MlCluster.Messages;
using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The requests of one model that are being answered, so that they can be withdrawn; any thread.</summary>
internal sealed class RunningRequests
{
    private readonly ConcurrentDictionary<Running, byte> _running = new();

    /// <summary>Enters one group of a request; leaves when disposed.</summary>
    public Running Enter(string requestId, TimeSpan timeout, TimeProvider time)
    {
        var running = new Running(this, requestId, new CancellationTokenSource(timeout, time))
        {
            Began = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        _running.TryAdd(running, 0);
        return running;
    }

    /// <summary>The requests, the oldest first; one whose groups are answered together is one.</summary>
    /// <param name="most">The newer ones are left out.</param>
    public IReadOnlyList<RunningPrediction> List(int most) =>
    [
        .. _running.Keys
            .GroupBy(r => r.RequestId, StringComparer.Ordinal)
            .Select(r => new RunningPrediction(new TaskId(r.Key), r.Min(group => group.Began)))
            .OrderBy(p => p.Began).ThenBy(p => p.Id.Value, StringComparer.Ordinal)
            .Take(most),
    ];

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

        /// <summary>Epoch milliseconds.</summary>
        public required long Began { get; init; }

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
