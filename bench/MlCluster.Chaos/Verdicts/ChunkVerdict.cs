using MlCluster.Chaos.Ledger;

namespace MlCluster.Chaos.Verdicts;

/// <summary>Compares the chunks that were taken with the rows that are stored.</summary>
internal static class ChunkVerdict
{
    /// <param name="facts">What was acknowledged.</param>
    /// <param name="sent">SHA-256 of each chunk as it was sent, by its number.</param>
    /// <param name="stored">SHA-256 of each row.</param>
    public static IEnumerable<Finding> Judge(
        ModelFacts facts, IReadOnlyList<string> sent, IReadOnlyCollection<string> stored)
    {
        if (facts.IsDeleted && stored.Count > 0)
        {
            yield return new Finding(
                FindingKind.Stuck, $"model {facts.Id} was deleted and {stored.Count} of its rows are still there");
        }

        if (facts.IsDeleted || facts.MayBeDeleted)
        {
            yield break;
        }

        foreach (var number in Acknowledged(facts, sent.Count))
        {
            if (!stored.Contains(sent[number], StringComparer.Ordinal))
            {
                yield return new Finding(
                    FindingKind.Lost, $"chunk {number} of model {facts.Id} was taken and no row holds its bytes");
            }
        }

        if (stored.Count(row => !sent.Contains(row, StringComparer.Ordinal)) is > 0 and var strange)
        {
            yield return new Finding(
                FindingKind.Wrong, $"{strange} rows of model {facts.Id} hold bytes that nobody has sent");
        }
    }

    private static IEnumerable<int> Acknowledged(ModelFacts facts, int sent) =>
        facts.TotalChunks > 0 ? facts.Chunks
        : facts.IsRegistered ? Enumerable.Range(0, sent)
        : [];
}
