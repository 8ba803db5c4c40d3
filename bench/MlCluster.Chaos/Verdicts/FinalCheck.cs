using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Load;

namespace MlCluster.Chaos.Verdicts;

/// <summary>Checks every acknowledged fact when everything is up.</summary>
internal sealed class FinalCheck(
    MlClient client, ChaosLedger ledger, Inspector inspector, int replicas, TimeSpan deadline)
{
    // Which replica answers is chance.
    private const int PredictionsPerReplica = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <returns>What is not as it was acknowledged.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync()
    {
        var findings = new List<Finding>();
        findings.AddRange(await inspector.TasksAsync(deadline));
        findings.AddRange(await inspector.ModelsAsync(ledger.Models, Inspector.IsServed, deadline));
        foreach (var model in ledger.Models.Where(m => m is { IsSure: true, IsWanted: true }).ToList())
        {
            findings.AddRange(await PredictAsync(model.Id));
        }

        // Most of them are in nobody's way any more: a node takes a limited number of models.
        foreach (var model in ledger.Models.Where(m => m.IsSure && m.TotalChunks > 0 && m.MissingChunks.Any()).ToList())
        {
            findings.AddRange(await CompleteAsync(model));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> PredictAsync(string model)
    {
        var archive = inspector.ArchiveOf(ledger[model]);
        ledger.Change(model, m => m with { Served = m.Served.Union(m.Wanted) });
        for (var left = replicas * PredictionsPerReplica; left > 0; left--)
        {
            if (await client.PredictAsync(model, archive, archive.Texts) != PredictEnd.Right)
            {
                return [new Finding(FindingKind.Lost, $"model {model} does not predict")];
            }
        }

        return [];
    }

    // Only the missing chunks are sent: the others were taken.
    private async Task<IReadOnlyList<Finding>> CompleteAsync(ModelFacts model)
    {
        var archive = inspector.ArchiveOf(model);
        var chunks = ModelLives.Cut(archive.Bytes, model.TotalChunks);
        foreach (var number in model.MissingChunks)
        {
            if (!await client.ChunkAsync(model.Id, number, chunks[number]))
            {
                return [new Finding(FindingKind.Stuck, $"chunk {number} of {model.Id} is not taken")];
            }
        }

        var findings = await inspector.ModelsAsync([model], (_, _) => true, deadline);
        if (findings.Count > 0)
        {
            return findings;
        }

        if (!await client.DeployAsync(model.Id, []))
        {
            return [new Finding(FindingKind.Lost, $"model {model.Id}, half-way over kills, does not deploy")];
        }

        findings = await PredictAsync(model.Id);
        await client.UndeployAsync(model.Id, null);
        await Task.Delay(Poll, TimeProvider.System);
        return findings;
    }
}
