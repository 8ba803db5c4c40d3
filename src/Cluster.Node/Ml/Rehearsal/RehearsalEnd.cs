namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>How a rehearsal's process ended.</summary>
internal abstract record RehearsalEnd
{
    private RehearsalEnd()
    {
    }

    /// <summary>By itself, or by a signal: 128 + its number then.</summary>
    /// <param name="LastWords">End of its standard error.</param>
    public sealed record Exited(int Code, string LastWords) : RehearsalEnd;

    public sealed record TimedOut(TimeSpan Limit) : RehearsalEnd;

    /// <param name="LimitBytes">The runtime's own memory not counted.</param>
    public sealed record TookTooMuchMemory(long LimitBytes) : RehearsalEnd;
}
