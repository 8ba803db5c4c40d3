using System.Collections.Concurrent;

namespace MlCluster.Node.Data.Chunks;

/// <summary>
/// Arrays of exactly one chunk, shared by all uploads of a node: memory has a bound whatever is uploaded, and the large
/// object heap is left alone. A full chunk is persisted out of its array, without a copy.
/// </summary>
internal sealed class ChunkBuffers(int capacity, int retained, int sizeBytes) : IDisposable
{
    private readonly SemaphoreSlim _free = new(capacity, capacity);
    private readonly ConcurrentBag<byte[]> _idle = [];

    /// <summary>Bytes of an array.</summary>
    public int SizeBytes => sizeBytes;

    /// <summary>Waits for a buffer.</summary>
    public async Task<Lease> RentAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return Take();
    }

    /// <summary>Null when all are in use.</summary>
    public Lease? TryRent() => _free.Wait(0) ? Take() : null;

    /// <inheritdoc />
    public void Dispose() => _free.Dispose();

    private Lease Take() => new(this, _idle.TryTake(out var array) ? array : new byte[sizeBytes]);

    private void GiveBack(byte[]? array)
    {
        if (array is not null && _idle.Count < retained)
        {
            _idle.Add(array);
        }

        _free.Release();
    }

    /// <summary>One array in use.</summary>
    internal sealed class Lease(ChunkBuffers owner, byte[] array)
    {
        private int _ended;

        /// <summary>As long as one chunk; its content is whatever was there.</summary>
        public byte[] Array => array;

        /// <summary>Nobody reads the array any more: it may be used again.</summary>
        public void Return() => End(array);

        /// <summary>Somebody may still read the array, as a write that timed out: it is never used again.</summary>
        public void Abandon() => End(null);

        private void End(byte[]? reusable)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                owner.GiveBack(reusable);
            }
        }
    }
}
