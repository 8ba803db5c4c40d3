using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The last measurements of one stage, in milliseconds. Not safe for concurrent use.</summary>
/// <param name="size">Measurements kept; 0: none.</param>
internal sealed class LatencyWindow(int size)
{
    private readonly double[] _millis = new double[size];
    private long _recorded;

    public void Record(TimeSpan elapsed)
    {
        if (size > 0)
        {
            _millis[_recorded++ % size] = elapsed.TotalMilliseconds;
        }
    }

    public LatencySummary Summarize()
    {
        var values = _millis[..(int)Math.Min(_recorded, size)];
        if (values.Length == 0)
        {
            return new LatencySummary(0, 0, 0, 0, 0, 0, 0);
        }

        Array.Sort(values);
        return new LatencySummary(
            values.Length,
            values[^1],
            values[0],
            values.Average(),
            Percentile(values, 0.50),
            Percentile(values, 0.90),
            Percentile(values, 0.99));
    }

    // Nearest rank: a value that was measured.
    private static double Percentile(double[] sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
