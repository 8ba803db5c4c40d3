using CsCheck;
using MlCluster.Node.Domain.Search.Feeding;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Rows that appear late, or after others with higher numbers, are read once; none is missed.</summary>
public sealed class JournalTailTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    // When a number is taken, when it appears after that, both in seconds.
    private static readonly Gen<(int Taken, int Late)[]> Writes =
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 5]).Array[0, 40]
            .Select(all => all.OrderBy(w => w.Item1).Select(w => (w.Item1, w.Item2)).ToArray());

    [Fact]
    public void IsNew_AnyOrderOfAppearance_IsTrueOnceForEach() =>
        Gen.Select(Writes, Gen.Int[1, 9]).Sample((writes, every) => Follow(writes, every));

    private static void Follow((int Taken, int Late)[] writes, int every)
    {
        var tail = new JournalTail(0, Patience);
        var seen = new List<long>();
        for (var now = 0; now <= 60; now += every)
        {
            var visible = Enumerable.Range(0, writes.Length)
                .Where(i => writes[i].Taken + writes[i].Late <= now)
                .Select(i => i + 1L)
                .Where(n => n > tail.Settled);
            long[] news = [.. visible.Where(tail.IsNew)];
            seen.AddRange(news);
            tail.Handled(news);
            tail.EndRead(TimeSpan.FromSeconds(now), TimeSpan.FromSeconds(now));
        }

        Assert.Equal(Enumerable.Range(1, writes.Length).Select(i => (long)i), seen.Order());
        Assert.Equal(writes.Length, tail.Settled);
    }

    [Fact]
    public void EndRead_BeforePatienceIsOver_KeepsTheGapOpen()
    {
        var tail = new JournalTail(0, Patience);
        tail.Handled([2]);

        Assert.False(tail.EndRead(TimeSpan.Zero, TimeSpan.Zero));
        Assert.False(tail.EndRead(TimeSpan.FromSeconds(5.9), TimeSpan.FromSeconds(7)));
        Assert.True(tail.IsNew(1));
        Assert.False(tail.IsNew(2));

        Assert.True(tail.EndRead(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(6)));
        Assert.Equal(2, tail.Settled);
        Assert.False(tail.IsNew(1));
    }
}
