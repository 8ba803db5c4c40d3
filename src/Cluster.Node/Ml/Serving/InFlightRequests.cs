namespace MlCluster.Node.Ml.Serving;

/// <summary>Counts the requests that this node has accepted and not answered: a leaving node waits for them.</summary>
internal sealed class InFlightRequests
{
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private int _count;

    public void Enter()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _waiters.ForEach(w => w.TrySetResult());
                _waiters.Clear();
            }
        }
    }

    /// <summary>Completes at the first moment without a request.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
            return waiter.Task;
        }
    }
}
