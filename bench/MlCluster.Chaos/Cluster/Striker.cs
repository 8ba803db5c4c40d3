using System.Globalization;
using MlCluster.Chaos.Rounds;
using MlCluster.Compose;

namespace MlCluster.Chaos.Cluster;

/// <summary>Hits processes.</summary>
/// <param name="log">A line each.</param>
internal sealed class Striker(
    ChaosCluster cluster, Disturbances disturbances, EndWatch ends, Action<string> log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly List<Task> _standing = [];

    public int Kills { get; private set; }

    public int Terminations { get; private set; }

    public int Stops { get; private set; }

    /// <summary>Hits the first candidate that may be hit, and waits until there is one.</summary>
    /// <returns>False: none came within the deadline.</returns>
    public async Task<bool> StrikeAsync(Round round, TimeSpan deadline)
    {
        await Task.Delay(round.Pause, TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < deadline)
        {
            var ready = await cluster.ReadyAsync();
            var free = ready.Where(n => !ends.IsExpected(cluster[n].Status.ProcessId)).ToHashSet(StringComparer.Ordinal);
            if (VictimRule.Pick(round.Order, free) is { } victim && Strike(cluster[victim], round))
            {
                return true;
            }

            await Task.Delay(Poll, TimeProvider.System);
        }

        return false;
    }

    /// <summary>Waits until all go on that stand still.</summary>
    public async Task AllGoOnAsync()
    {
        await Task.WhenAll(_standing);
        _standing.Clear();
    }

    private bool Strike(ComposeReplica victim, Round round)
    {
        if (victim.Status.ProcessId is not { } process)
        {
            return false;
        }

        disturbances.Hit(victim.Name);
        switch (round.Blow)
        {
            case Blow.Kill:
                ends.Expect(process);
                Kills++;
                log($"SIGKILL {victim.Name}");
                return victim.Signal(UnixSignal.Kill);
            case Blow.Terminate:
                ends.Expect(process);
                Terminations++;
                log($"SIGTERM {victim.Name}");
                return victim.Signal(UnixSignal.Terminate);
            default:
                ends.Stopped(process);
                Stops++;
                log(string.Create(
                    CultureInfo.InvariantCulture, $"SIGSTOP {victim.Name} for {round.Standstill.TotalSeconds:0.0} s"));
                _standing.Add(StandAsync(victim, round.Standstill));
                return true;
        }
    }

    private static async Task StandAsync(ComposeReplica victim, TimeSpan time)
    {
        victim.Signal(UnixSignal.Stop);
        await Task.Delay(time, TimeProvider.System);
        victim.Signal(UnixSignal.Continue);
    }
}
