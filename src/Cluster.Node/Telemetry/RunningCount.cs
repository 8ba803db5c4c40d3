namespace MlCluster.Node.Telemetry;

/// <summary>How many of something run now; any thread.</summary>
internal sealed class RunningCount
{
    private long _now;

    public long Now => Interlocked.Read(ref _now);

    public void Enter() => Interlocked.Increment(ref _now);

    public void Leave() => Interlocked.Decrement(ref _now);
}
