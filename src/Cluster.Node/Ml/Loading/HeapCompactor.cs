namespace MlCluster.Node.Ml.Loading;

/// <summary>Collects the managed heap for many that ask at the same time.</summary>
/// <remarks>
/// A collection pauses the process. Of many models that go at once, as at the node's end, each would cost one: one is
/// for all that went before it begins.
/// </remarks>
/// <param name="collect">Collects everything that is garbage when it is called.</param>
internal sealed class HeapCompactor(Action collect)
{
    private readonly SemaphoreSlim _one = new(1);
    private long _asked;
    private long _served;

    /// <summary>Returns when a collection has ended that began after the call.</summary>
    public async Task CompactAsync()
    {
        var number = Interlocked.Increment(ref _asked);
        await _one.WaitAsync();
        try
        {
            if (_served < number)
            {
                _served = Interlocked.Read(ref _asked);
                collect();
            }
        }
        finally
        {
            _one.Release();
        }
    }
}
