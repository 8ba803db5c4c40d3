namespace MlCluster.Node.Telemetry;

/// <summary>What the engine of one model has done.</summary>
/// <param name="QueuedTokens">Waiting or running now.</param>
/// <param name="Forwards">Since the count began.</param>
/// <param name="Documents">Theirs.</param>
/// <param name="Tokens">Theirs, padding included.</param>
/// <param name="PaddingTokens">Padding among them.</param>
internal sealed record EngineCounts(long QueuedTokens, long Forwards, long Documents, long Tokens, long PaddingTokens)
{
    public static EngineCounts None { get; } = new(0, 0, 0, 0, 0);

    public static EngineCounts operator +(EngineCounts a, EngineCounts b) => new(
        a.QueuedTokens + b.QueuedTokens,
        a.Forwards + b.Forwards,
        a.Documents + b.Documents,
        a.Tokens + b.Tokens,
        a.PaddingTokens + b.PaddingTokens);
}
