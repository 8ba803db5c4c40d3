using MlCluster.Chaos.Clients;
using MlCluster.Chaos.Ledger;

namespace MlCluster.Chaos.Verdicts;

/// <summary>Compares the ledger with the cluster.</summary>
internal sealed class Inspector(
    MlApi api, ChaosLedger ledger, IReadOnlyList<ArchiveKind> archives, IReadOnlyList<string> mlNodes)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Looks at models again and again until they are as acknowledged.</summary>
    /// <returns>What still is not at the deadline.</returns>
    public Task<IReadOnlyList<Finding>> ModelsAsync(
        IEnumerable<ModelFacts> models, Func<ModelSeen?, ModelFacts, bool> isDone, TimeSpan deadline) =>
        RepeatAsync([.. models.Select(m => m.Id)], id => OfModelAsync(id, isDone), deadline);

    /// <summary>Looks at all tasks again and again until they have ended.</summary>
    public Task<IReadOnlyList<Finding>> TasksAsync(TimeSpan deadline) =>
        RepeatAsync([.. ledger.Tasks.Select(t => t.Id)], OfTaskAsync, deadline);

    /// <summary>True: each node that it is wanted on serves it.</summary>
    public static bool IsServed(ModelSeen? seen, ModelFacts facts) =>
        !facts.IsSure || !facts.IsWanted || (seen is { State: "DEPLOYED" } && seen.Current == seen.Planned.Count);

    public ArchiveKind ArchiveOf(ModelFacts facts) => archives.First(a => a.Name == facts.Archive);

    private static async Task<IReadOnlyList<Finding>> RepeatAsync(
        IReadOnlyList<string> ids, Func<string, Task<IReadOnlyList<Finding>>> look, TimeSpan deadline)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var findings = new List<Finding>();
            var open = new List<string>();
            foreach (var id in ids)
            {
                var found = await look(id);
                findings.AddRange(found);
                open.AddRange(found.Count > 0 ? [id] : []);
            }

            if (open.Count == 0 || TimeProvider.System.GetElapsedTime(started) > deadline)
            {
                return findings;
            }

            ids = open;
            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    private async Task<IReadOnlyList<Finding>> OfModelAsync(string id, Func<ModelSeen?, ModelFacts, bool> isDone)
    {
        var reply = await api.ModelAsync(id);
        if (reply.Status is not (200 or 404))
        {
            return [new Finding(FindingKind.Stuck, $"GET model {id} → {reply}")];
        }

        var facts = ledger[id];
        var seen = reply.Status == 200 ? api.Model(reply) : null;
        Finding[] findings = [.. ModelVerdict.Judge(facts, ArchiveOf(facts).Hash, seen, mlNodes)];
        return findings.Length > 0 || isDone(seen, facts)
            ? findings
            : [new Finding(FindingKind.Stuck, $"model {id} is not served everywhere: {reply.Text}")];
    }

    private async Task<IReadOnlyList<Finding>> OfTaskAsync(string id)
    {
        var reply = await api.TaskAsync(id);
        if (reply.Status is not (200 or 404))
        {
            return [new Finding(FindingKind.Stuck, $"GET task {id} → {reply}")];
        }

        var facts = ledger.Tasks.First(t => t.Id == id);
        return TaskVerdict.Judge(facts, reply.Status == 200 ? api.Task(reply).State : null) is { } finding
            ? [finding]
            : [];
    }
}
