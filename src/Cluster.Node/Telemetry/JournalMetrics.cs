using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>How long the journals take to make events durable.</summary>
internal sealed class JournalMetrics(Meter meter, NodeId node)
{
    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>[]> _tags = new(StringComparer.Ordinal);

    private readonly Histogram<double> _duration = Durations.Create(
        meter, "mlcluster.journal.write.duration", "From the hand-over of events to the database to its word on them.");

    private readonly Counter<long> _failures = meter.CreateCounter<long>(
        "mlcluster.journal.write.failures", "{write}", "Writes that the database refused or did not answer.");

    /// <param name="journal">The last part of the plugin's name, such as <c>sql</c> or <c>chunks</c>.</param>
    public void Record(string journal, TimeSpan elapsed, bool failed)
    {
        var tags = _tags.GetOrAdd(
            journal, static (name, node) => Labels.Of((Labels.Node, node.Value), (Labels.Journal, name)), node);
        _duration.Record(elapsed.TotalSeconds, tags);
        if (failed)
        {
            _failures.Add(1, tags);
        }
    }
}
