namespace MlCluster.Inference.Batching;

/// <summary>Counts forwards since the load; safe for concurrent use.</summary>
internal sealed class ServingCounters
{
    private long _forwards;
    private long _documents;
    private long _tokens;
    private long _padding;

    public void Count(TokenBatch batch)
    {
        var all = (long)batch.Rows * batch.Width;
        Interlocked.Increment(ref _forwards);
        Interlocked.Add(ref _documents, batch.Rows);
        Interlocked.Add(ref _tokens, all);
        Interlocked.Add(ref _padding, all - batch.Lengths.Sum(length => (long)length));
    }

    public ServingStatistics Snapshot(long queuedTokens) => new(
        queuedTokens,
        Interlocked.Read(ref _forwards),
        Interlocked.Read(ref _documents),
        Interlocked.Read(ref _tokens),
        Interlocked.Read(ref _padding));
}
