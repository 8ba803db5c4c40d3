namespace MlCluster.Chaos.Rounds;

/// <summary>All rounds of a seed; the same seed gives the same rounds.</summary>
internal static class ChaosSchedule
{
    private const double KillShare = 0.5;
    private const double TerminateShare = 0.3;
    private const double LongestPauseSeconds = 5;
    private const double LongestShortStopSeconds = 4;

    /// <param name="kills">Kills and terminations; stops come on top.</param>
    /// <param name="seed">Of the randomness.</param>
    /// <param name="replicas">Names of all processes.</param>
    /// <param name="downedAfter">A standstill of this length is beyond what the cluster waits for.</param>
    public static IEnumerable<Round> Of(int kills, int seed, IReadOnlyList<string> replicas, TimeSpan downedAfter)
    {
        var random = new Random(seed);
        for (var done = 0; done < kills;)
        {
            var blow = BlowOf(random.NextDouble());
            var order = replicas.ToArray();
            random.Shuffle(order);
            var pause = TimeSpan.FromSeconds(random.NextDouble() * LongestPauseSeconds);
            yield return new Round(blow, order, pause, Standstill(random, downedAfter));
            done += blow == Blow.Stop ? 0 : 1;
        }
    }

    private static Blow BlowOf(double share) => share switch
    {
        < KillShare => Blow.Kill,
        < KillShare + TerminateShare => Blow.Terminate,
        _ => Blow.Stop,
    };

    // Half of them are noticed by nobody but the requests that meet them.
    private static TimeSpan Standstill(Random random, TimeSpan downedAfter)
    {
        var length = random.NextDouble();
        return random.Next(2) == 0
            ? TimeSpan.FromSeconds(0.5 + (length * LongestShortStopSeconds))
            : downedAfter * (1.1 + (length * 0.4));
    }
}
