namespace MlCluster.Chaos.Load;

/// <summary>Longest time between two answers of one client that asks all the time; used by that client alone.</summary>
internal sealed class GapMeter(TimeProvider time)
{
    private long _last = time.GetTimestamp();
    private bool _excused;

    /// <summary>While a node that serves the model was there.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>While each node that serves the model was hit.</summary>
    public TimeSpan LongestExcused { get; private set; }

    public void Excuse() => _excused = true;

    public void Answered()
    {
        var gap = time.GetElapsedTime(_last);
        (Longest, LongestExcused) = _excused
            ? (Longest, Max(LongestExcused, gap))
            : (Max(Longest, gap), LongestExcused);
        (_last, _excused) = (time.GetTimestamp(), false);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
