using MlCluster.Chaos.Ledger;

namespace MlCluster.Chaos.Verdicts;

/// <summary>Compares what was acknowledged of a task with what is there.</summary>
internal static class TaskVerdict
{
    /// <param name="state">Null: there is no such task.</param>
    public static Finding? Judge(TaskFacts facts, string? state) => state switch
    {
        null => new Finding(FindingKind.Lost, $"{Name(facts)} is gone"),
        _ when !TaskFacts.IsEnd(state) => new Finding(FindingKind.Stuck, $"{Name(facts)} is {state}"),
        _ when facts.End is { } end && end != state =>
            new Finding(FindingKind.Wrong, $"{Name(facts)} had ended {end} and is {state}"),
        _ => null,
    };

    private static string Name(TaskFacts facts) => $"task {facts.Id} ({facts.Kind})";
}
