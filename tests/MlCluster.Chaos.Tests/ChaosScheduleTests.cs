using MlCluster.Chaos.Rounds;

namespace MlCluster.Chaos.Tests;

public sealed class ChaosScheduleTests
{
    private static readonly string[] Replicas = ["data-1", "data-2", "data-3", "ml-1", "ml-2", "gateway-1", "gateway-2"];
    private static readonly TimeSpan DownedAfter = TimeSpan.FromSeconds(18);

    [Fact]
    public void Of_SameSeed_GivesTheSameRounds() => Assert.Equal(Written(7), Written(7));

    [Fact]
    public void Of_OtherSeed_GivesOtherRounds() => Assert.NotEqual(Written(7), Written(8));

    [Fact]
    public void Of_AnySeed_KillsAsOftenAsAskedAndStopsOnTop()
    {
        var rounds = ChaosSchedule.Of(200, 7, Replicas, DownedAfter).ToList();

        Assert.Equal(200, rounds.Count(r => r.Blow != Blow.Stop));
        Assert.Contains(rounds, r => r.Blow == Blow.Terminate);
        Assert.All(rounds, r => Assert.Equal(Replicas.Order(), r.Order.Order()));
        var stops = rounds.Where(r => r.Blow == Blow.Stop).Select(r => r.Standstill).ToList();
        Assert.Contains(stops, s => s < DownedAfter);
        Assert.Contains(stops, s => s > DownedAfter);
    }

    private static IEnumerable<string> Written(int seed) => ChaosSchedule.Of(20, seed, Replicas, DownedAfter)
        .Select(r => $"{r.Blow} {string.Join(',', r.Order)} {r.Pause} {r.Standstill}");
}
