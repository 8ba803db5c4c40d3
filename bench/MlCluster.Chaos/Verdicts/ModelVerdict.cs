using MlCluster.Chaos.Ledger;

namespace MlCluster.Chaos.Verdicts;

/// <summary>A model's document as the cluster tells it at last.</summary>
/// <param name="Planned">Names of the nodes that it is wanted on.</param>
/// <param name="Current">How many of them serve it.</param>
internal sealed record ModelSeen(
    string State, string? Hash, IReadOnlyCollection<string> Planned, int Current, bool ToAll);

/// <summary>Compares what was acknowledged of a model with what is there.</summary>
internal static class ModelVerdict
{
    /// <param name="facts">What was acknowledged.</param>
    /// <param name="hash">SHA-256 of its archive.</param>
    /// <param name="seen">Null: there is no such model.</param>
    /// <param name="mlNodes">Names of all nodes that may serve models.</param>
    public static IEnumerable<Finding> Judge(
        ModelFacts facts, string hash, ModelSeen? seen, IReadOnlyCollection<string> mlNodes) => (facts, seen) switch
    {
        ({ IsDeleted: true }, null) or ({ MayBeDeleted: true }, null) => [],
        (_, null) => [Lost(facts, "is gone")],
        ({ IsDeleted: true }, _) => [Lost(facts, $"was deleted and is {seen.State}")],
        _ => [.. OfContent(facts, hash, seen), .. OfPlan(facts, seen, mlNodes)],
    };

    private static IEnumerable<Finding> OfContent(ModelFacts facts, string hash, ModelSeen seen)
    {
        if (seen.Hash != hash && (facts.IsRegistered || facts.TotalChunks > 0))
        {
            yield return Wrong(facts, $"has the hash {seen.Hash}, not {hash}");
        }

        if (facts.IsRegistered && seen.State == "REGISTERING")
        {
            yield return Stuck(facts, "is whole and still REGISTERING");
        }

        if (!facts.IsRegistered && facts.MissingChunks.Any() && seen.State != "REGISTERING")
        {
            yield return Wrong(facts, $"is {seen.State} without chunks {string.Join(',', facts.MissingChunks)}");
        }
    }

    private static IEnumerable<Finding> OfPlan(
        ModelFacts facts, ModelSeen seen, IReadOnlyCollection<string> mlNodes)
    {
        if (seen.State == "DEPLOYING" || (seen.State == "PARTIALLY_DEPLOYED" && seen.Current < seen.Planned.Count))
        {
            yield return Stuck(facts, $"is {seen.State}, {seen.Current} of [{string.Join(", ", seen.Planned)}]");
        }

        IReadOnlyCollection<string> wanted = facts.IsWantedEverywhere ? mlNodes : facts.Wanted;
        if (facts.IsSure && wanted.Except(seen.Planned, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            yield return Lost(facts, $"was deployed to [{string.Join(", ", missing)}] and is not wanted there any more");
        }

        if (facts is { IsSure: true, IsWantedEverywhere: true } && !seen.ToAll)
        {
            yield return Lost(facts, "was deployed to all nodes and is not wanted on the next one that joins");
        }

        var extra = seen.Planned.Except(wanted, StringComparer.Ordinal).Except(facts.MayBeOn, StringComparer.Ordinal);
        if (!facts.MayBeEverywhere && extra.ToList() is { Count: > 0 } surplus)
        {
            yield return Wrong(facts, $"is wanted on [{string.Join(", ", surplus)}], where it was not deployed to");
        }

        if (seen.Current > seen.Planned.Count)
        {
            yield return Wrong(facts, $"is served by {seen.Current} nodes and wanted on [{string.Join(", ", seen.Planned)}]");
        }

        if (facts is { IsSure: true, IsWanted: true } && seen.State == "DEPLOY_FAILED")
        {
            yield return Lost(facts, "was deployed and is DEPLOY_FAILED");
        }
    }

    private static Finding Lost(ModelFacts facts, string text) => new(FindingKind.Lost, $"model {facts.Id} {text}");

    private static Finding Stuck(ModelFacts facts, string text) => new(FindingKind.Stuck, $"model {facts.Id} {text}");

    private static Finding Wrong(ModelFacts facts, string text) => new(FindingKind.Wrong, $"model {facts.Id} {text}");
}
