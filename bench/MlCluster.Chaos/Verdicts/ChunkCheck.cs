using System.Security.Cryptography;
using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Load;

namespace MlCluster.Chaos.Verdicts;

/// <summary>Reads back every chunk that was taken, whatever the models' documents say of it.</summary>
internal sealed class ChunkCheck(ChunkTable table, ChaosLedger ledger, Inspector inspector)
{
    // The pieces in which the cluster stores what it fetches itself.
    private const int DownloadedChunkBytes = 10_000_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Rows that were read and compared.</summary>
    public int Rows { get; private set; }

    /// <param name="deadline">
    /// For the rows of deleted models: a DELETE is answered before they go, and they go after the journal's next try
    /// or the owner's next start.
    /// </param>
    /// <returns>What is not stored as it was sent, and what is stored of deleted models.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(TimeSpan deadline)
    {
        var started = TimeProvider.System.GetTimestamp();
        var findings = new List<Finding>();
        foreach (var model in ledger.Models.ToList())
        {
            var found = await LookAsync(model);
            while (model.IsDeleted && found.Count > 0 && TimeProvider.System.GetElapsedTime(started) < deadline)
            {
                await Task.Delay(Poll, TimeProvider.System);
                found = await LookAsync(model);
            }

            findings.AddRange(found);
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(ModelFacts model)
    {
        var stored = await table.HashesAsync(model.Id);
        Rows += model.IsDeleted ? 0 : stored.Count;
        return [.. ChunkVerdict.Judge(model, Sent(model), stored)];
    }

    private string[] Sent(ModelFacts model)
    {
        var archive = inspector.ArchiveOf(model).Bytes;
        IEnumerable<byte[]> chunks = model.TotalChunks > 0
            ? ModelLives.Cut(archive, model.TotalChunks)
            : archive.Chunk(DownloadedChunkBytes);
        return [.. chunks.Select(c => Convert.ToHexStringLower(SHA256.HashData(c)))];
    }
}
