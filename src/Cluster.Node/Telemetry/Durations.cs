using System.Diagnostics.Metrics;

namespace MlCluster.Node.Telemetry;

/// <summary>Histograms of seconds, all with the same buckets.</summary>
internal static class Durations
{
    // A short query takes a third of a millisecond, a whole request at most a minute.
    private static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries =
        [
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
        ],
    };

    /// <summary>Makes one, in seconds.</summary>
    public static Histogram<double> Create(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Advice);
}
