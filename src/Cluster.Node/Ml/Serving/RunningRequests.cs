using System.Collections.Concurrent;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The requests of one model that are being answered, so that they can be withdrawn; any thread.</summary>
internal sealed class RunningRequests(TimeProvider time)
{
    private readonly ConcurrentDictionary<Running, byte> _running = new();

    /// <summary>Enters one call of a client's request; leaves when disposed.</summary>
    public Running Enter(PredictRequest request)
    {
        var running = new Running(this, request, new CancellationTokenSource(request.Timeout, time))
        {
            Began = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        _running.TryAdd(running, 0);
        return running;
    }

    /// <summary>The requests, the oldest first; one whose calls are answered together is one.</summary>
    /// <param name="most">The newer ones are left out.</param>
    public IReadOnlyList<RunningPrediction> List(int most) =>
    [
        .. _running.Keys
            .GroupBy(r => r.Request.RequestId, StringComparer.Ordinal)
            .Select(r => new RunningPrediction(new TaskId(r.Key), r.Min(call => call.Began)))
            .OrderBy(p => p.Began).ThenBy(p => p.Id.Value, StringComparer.Ordinal)
            .Take(most),
    ];

    /// <summary>Ends what of a client's request is still answered.</summary>
    /// <param name="call">The one call that is meant; null: all.</param>
    public void Withdraw(string requestId, int? call)
    {
        foreach (var (running, _) in _running)
        {
            if (running.Request.RequestId == requestId && (call is null || running.Request.Call == call))
            {
                running.Withdraw();
            }
        }
    }

    /// <summary>One call.</summary>
    internal sealed class Running(RunningRequests all, PredictRequest request, CancellationTokenSource ended)
        : IDisposable
    {
        public PredictRequest Request => request;

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
