using MlCluster.Node.Ml.Content;

namespace MlCluster.Node.Tests.Ml.Content;

public class CacheEvictionTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Choose_WithinLimit_RemovesNothing()
    {
        Assert.Empty(CacheEviction.Choose([Entry("a", 10, 0), Entry("b", 10, 1)], maxBytes: 20));
    }

    [Fact]
    public void Choose_OverLimit_RemovesTheLongestUnusedUntilTheRestFits()
    {
        var removed = CacheEviction.Choose(
            [Entry("young", 10, 9), Entry("oldest", 10, 1), Entry("old", 10, 2)], maxBytes: 15);

        Assert.Equal(["oldest", "old"], removed.Select(e => e.Sha256));
    }

    [Fact]
    public void Choose_InUse_IsNeverRemoved()
    {
        var loaded = Entry("loaded", 100, 0) with { InUse = true };

        var removed = CacheEviction.Choose([loaded, Entry("idle", 10, 5)], maxBytes: 1);

        Assert.Equal(["idle"], removed.Select(e => e.Sha256));
    }

    private static CacheEntry Entry(string sha, long bytes, int minute) =>
        new(sha, bytes, Noon.AddMinutes(minute), InUse: false);
}
