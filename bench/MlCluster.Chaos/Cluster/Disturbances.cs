using System.Collections.Concurrent;

namespace MlCluster.Chaos.Cluster;

/// <summary>Who was hit, or ended by itself, since all was well.</summary>
internal sealed class Disturbances
{
    // The end of a process is seen a moment after its connections end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, byte> _hit = new(StringComparer.Ordinal);

    public void Hit(string replica) => _hit.TryAdd(replica, 0);

    /// <summary>All is well again.</summary>
    public void Clear() => _hit.Clear();

    /// <summary>True: none of them could be counted on.</summary>
    public async Task<bool> WereAllHitAsync(IReadOnlyCollection<string> replicas)
    {
        if (AllHit(replicas))
        {
            return true;
        }

        await Task.Delay(Grace, TimeProvider.System);
        return AllHit(replicas);
    }

    /// <summary>True: each of them was hit.</summary>
    public bool AllHit(IEnumerable<string> replicas) => replicas.All(_hit.ContainsKey);
}
