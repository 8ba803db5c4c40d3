namespace MlCluster.Chaos.Ledger;

/// <summary>What a task is about.</summary>
internal enum TaskKind
{
    Register,
    Deploy,
}

/// <summary>What the client was told of one task.</summary>
/// <param name="End">The state in which it ended; null: it was not seen to end.</param>
internal sealed record TaskFacts(string Id, TaskKind Kind, string? End = null)
{
    /// <summary>A task in this state does not move any more.</summary>
    public static bool IsEnd(string? state) => state is "COMPLETED" or "COMPLETED_WITH_ERROR" or "FAILED";
}
