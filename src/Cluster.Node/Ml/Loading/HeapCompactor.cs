namespace MlCluster.Node.Ml.Loading;

/// <summary>Gives back to the system what unloaded models leave on the managed heap: vocabularies, buffers.</summary>
/// <remarks>
/// A node that unloads wants its memory back, and a pause of some tens of milliseconds at that moment is all it costs.
/// Of many models that go at once, as at the node's end, each would cost that: one collection is for all that went
/// before it begins.
/// </remarks>
/// <param name="collect">Collects everything that is garbage when it is called.</param>
internal sealed class HeapCompactor(Action collect)
{
    private readonly SemaphoreSlim _one = new(1);
    private long _asked;
    private long _served;

    /// <summary>The process's own.</summary>
    public static HeapCompactor Process { get; } = new(
        static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

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
