namespace MlCluster.Node.Ml.Content;

/// <summary>Decides what leaves the cache.</summary>
internal static class CacheEviction
{
    /// <summary>Names what to remove so that the rest fits: the longest unused first, never what is in use.</summary>
    public static IReadOnlyList<CacheEntry> Choose(IReadOnlyList<CacheEntry> entries, long maxBytes)
    {
        var excess = entries.Sum(e => e.SizeBytes) - maxBytes;
        var removed = new List<CacheEntry>();
        foreach (var entry in entries.Where(e => !e.InUse).OrderBy(e => e.LastUsed))
        {
            if (excess <= 0)
            {
                break;
            }

            removed.Add(entry);
            excess -= entry.SizeBytes;
        }

        return removed;
    }
}

/// <summary>One folder of the cache.</summary>
internal sealed record CacheEntry(string Sha256, long SizeBytes, DateTime LastUsed, bool InUse);
