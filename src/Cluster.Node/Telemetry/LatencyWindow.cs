using MlCluster.Messages.Profile;

namespace MlCluster.Node.Telemetry;

/// <summary>The last measurements of one stage, in milliseconds. Not safe for concurrent use.</summary>
internal sealed class LatencyWindow
{
    private readonly Queue<double> _millis = new();

    /// <param name="size">Measurements to keep from now on; 0: none.</param>
    public void Record(TimeSpan elapsed, int size)
    {
        _millis.Enqueue(elapsed.TotalMilliseconds);
        Trim(size);
    }

    /// <param name="size">Measurements to tell of at most.</param>
    public LatencySummary Summarize(int size)
    {
        Trim(size);
        var values = _millis.ToArray();
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

    private void Trim(int size)
    {
        while (_millis.Count > size)
        {
            _millis.Dequeue();
        }
    }

    // Nearest rank: a value that was measured.
    private static double Percentile(double[] sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
