using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos.Cluster;

/// <summary>Leaves the cluster alone until all is as it should be.</summary>
internal sealed class Settling(
    ChaosCluster cluster,
    Inspector inspector,
    ChaosLedger ledger,
    Disturbances disturbances,
    EndWatch ends,
    Action<string> log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // A node that was downed while it stood still learns of it, and ends, a moment after it goes on.
    private const int QuietLooks = 4;

    /// <summary>Waits for members and deployments.</summary>
    /// <returns>What does not come; empty: all is well.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(TimeSpan deadline)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (await MembersAsync(deadline) is { } finding)
        {
            return [finding];
        }

        var models = ledger.Models.Where(m => m is { IsSure: true, IsWanted: true }).ToList();
        var left = deadline - TimeProvider.System.GetElapsedTime(started);
        var findings = await inspector.ModelsAsync(models, Inspector.IsServed, left);
        foreach (var open in findings)
        {
            log($"not as acknowledged after {deadline}: {open.Kind}: {open.Text}");
        }

        // The others count at the end, when each request has its answer.
        findings = [.. findings.Where(f => f.Kind == FindingKind.Stuck)];
        if (findings.Count == 0)
        {
            Credit(models);
            disturbances.Clear();
        }

        return findings;
    }

    private async Task<Finding?> MembersAsync(TimeSpan deadline)
    {
        var started = TimeProvider.System.GetTimestamp();
        var quiet = 0;
        while (quiet < QuietLooks)
        {
            var ready = await cluster.ReadyAsync();
            var missing = cluster.Nodes.Where(n => !ready.Contains(n.Name) || ends.IsExpected(n.Status.ProcessId));
            var names = string.Join(", ", missing.Select(n => n.Name));
            quiet = names.Length == 0 && await cluster.AreAllMembersAsync() ? quiet + 1 : 0;
            if (TimeProvider.System.GetElapsedTime(started) > deadline)
            {
                return new Finding(FindingKind.Stuck, $"membership within {deadline}; not ready: [{names}]");
            }

            await Task.Delay(Poll, TimeProvider.System);
        }

        return null;
    }

    // Whoever undeployed in the meantime knows better.
    private void Credit(IEnumerable<ModelFacts> models)
    {
        foreach (var model in models)
        {
            ledger.Change(model.Id, m => m.Wanted == model.Wanted && !m.Served.IsEmpty
                ? m with { Served = m.Served.Union(m.Wanted) }
                : m);
        }
    }
}
