using System.Security.Cryptography;
using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Load;

namespace MlCluster.Chaos.Verdicts;

/// <summary>Reads back every chunk that was taken, whatever the models' documents say of it.</summary>
internal sealed class ChunkCheck(ChunkTable table, ChaosLedger ledger, Inspector inspector)
{
    // The pieces in which the cluster stores what it fetches itself.
    private const int DownloadedChunkBytes = 10_000_000;

    /// <summary>Rows that were read and compared.</summary>
    public int Rows { get; private set; }

    /// <returns>What is not stored as it was sent.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync()
    {
        var findings = new List<Finding>();
        foreach (var model in ledger.Models.ToList())
        {
            var stored = await table.HashesAsync(model.Id);
            Rows += stored.Count;
            findings.AddRange(ChunkVerdict.Judge(model, Sent(model), stored));
        }

        return findings;
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
