using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>Times of whole predictions, on the gateway that received and routed them; any thread.</summary>
internal sealed class RoutedTimes(Meter meter, NodeId node)
{
    private readonly ConcurrentDictionary<ModelId, OfModel> _models = new();

    private readonly Histogram<double> _duration = Durations.Create(
        meter, "mlcluster.gateway.predict.duration", "From the body of a prediction to its results.");

    /// <summary>A prediction was answered with results.</summary>
    /// <param name="kept">Times that are kept of a model.</param>
    public void Record(ModelId model, TimeSpan elapsed, int kept)
    {
        var times = _models.GetOrAdd(model, static (id, of) => new OfModel(of, id), node);
        _duration.Record(elapsed.TotalSeconds, times.Tags);
        lock (times.Gate)
        {
            times.Window.Record(elapsed, kept);
        }
    }

    /// <summary>Models with times that are kept.</summary>
    /// <param name="kept">As it is now: fewer than before are told of from now on.</param>
    public IReadOnlyList<RoutedPredictions> Read(int kept) =>
        [.. _models.Select(m => Read(m.Key, m.Value, kept)).Where(r => r.Times.Count > 0)];

    /// <summary>A model is gone for good.</summary>
    public void Forget(ModelId model) => _models.TryRemove(model, out _);

    private static RoutedPredictions Read(ModelId model, OfModel times, int kept)
    {
        lock (times.Gate)
        {
            return new RoutedPredictions(model, times.Window.Summarize(kept));
        }
    }

    private sealed class OfModel(NodeId node, ModelId model)
    {
        public Lock Gate { get; } = new();

        public LatencyWindow Window { get; } = new();

        public KeyValuePair<string, object?>[] Tags { get; } =
            Labels.Of((Labels.Node, node.Value), (Labels.Model, model.Value));
    }
}
