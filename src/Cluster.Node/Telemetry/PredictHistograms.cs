using System.Diagnostics.Metrics;

namespace MlCluster.Node.Telemetry;

/// <summary>Times of predictions that were answered with results, in seconds.</summary>
internal sealed class PredictHistograms(Meter meter)
{
    public Histogram<double> Total { get; } = Durations.Create(
        meter, "mlcluster.predict.duration", "From the arrival of a prediction on this node to its answer.");

    public Histogram<double> Tokenize { get; } = Durations.Create(
        meter, "mlcluster.predict.tokenize.duration", "Until the first documents of a prediction were queued.");

    public Histogram<double> Queue { get; } = Durations.Create(
        meter, "mlcluster.predict.queue.duration", "From then until its first forward began.");

    public Histogram<double> Forward { get; } = Durations.Create(
        meter, "mlcluster.predict.forward.duration", "From then until its last forward ended.");
}
