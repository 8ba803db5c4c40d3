namespace MlCluster.Chaos.Load;

/// <summary>Longest time between two answers of one client that asks all the time; used by that client alone.</summary>
internal sealed class GapMeter(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>Whatever was down.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>While a node that serves the model had not been hit.</summary>
    public TimeSpan LongestServed { get; private set; }

    /// <summary>An answer came.</summary>
    /// <param name="excused">Each node that serves the model had been hit.</param>
    public void Answered(bool excused)
    {
        var gap = time.GetElapsedTime(_last);
        _last = time.GetTimestamp();
        Longest = Max(Longest, gap);
        LongestServed = excused ? LongestServed : Max(LongestServed, gap);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
