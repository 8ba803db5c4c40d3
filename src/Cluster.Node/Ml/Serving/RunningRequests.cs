using System.Collections.Concurrent;
using MlCluster.Messages.Inference;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The requests of one model that are being answered, so that they can be withdrawn; any thread.</summary>
internal sealed class RunningRequests(TimeProvider time)
{
    private readonly ConcurrentDictionary<Running, byte> _running = new();

    /// <summary>Enters one call of a client's request; leaves when disposed.</summary>
    public Running Enter(PredictRequest request)
    {
        var running = new Running(this, request, new CancellationTokenSource(request.Timeout, time));
        _running.TryAdd(running, 0);
        return running;
    }

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
