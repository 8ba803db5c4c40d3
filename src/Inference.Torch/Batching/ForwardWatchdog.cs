namespace MlCluster.Inference.Batching;

/// <summary>A forward in progress.</summary>
/// <param name="Documents">Its documents; none while warming up.</param>
/// <param name="Batch">Their layout.</param>
/// <param name="Started">Timestamp of its begin.</param>
internal sealed record RunningForward(IReadOnlyList<QueuedDocument> Documents, TokenBatch Batch, long Started);

/// <summary>
/// Notices a forward of one worker that runs past its deadline; a native call cannot be stopped, only given up.
/// </summary>
internal sealed class ForwardWatchdog : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly Action<RunningForward> _expired;
    private readonly ITimer _timer;
    private RunningForward? _current;

    public ForwardWatchdog(TimeSpan limit, TimeProvider time, Action<RunningForward> expired)
    {
        _limit = limit;
        _time = time;
        _expired = expired;
        _timer = time.CreateTimer(_ => Check(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Begin(RunningForward forward)
    {
        Volatile.Write(ref _current, forward);
        _timer.Change(_limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the watch; false when the forward was given up meanwhile.</summary>
    public bool End(RunningForward forward)
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Interlocked.CompareExchange(ref _current, null, forward) == forward;
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        if (Volatile.Read(ref _current) is not { } forward)
        {
            return;
        }

        // A tick meant for an earlier forward, or one a little early.
        var left = _limit - _time.GetElapsedTime(forward.Started);
        if (left > TimeSpan.Zero)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
        else if (Interlocked.CompareExchange(ref _current, null, forward) == forward)
        {
            _expired(forward);
        }
    }
}
