using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>Listens to the metrics of one node, as an exporter does.</summary>
internal sealed class MetricReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Reading> _recorded = new();
    private readonly ConcurrentQueue<Reading> _observed = new();
    private readonly string _node;

    /// <param name="node">One that no other test counts for.</param>
    public MetricReader(NodeId node)
    {
        _node = node.Value;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == NodeMetrics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    /// <summary>What an instrument that is asked says now, over all labels that match.</summary>
    public double Observed(string name, params (string Name, string Value)[] labels)
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        return Of(_observed, name, labels).Sum(r => r.Value);
    }

    /// <summary>What was recorded since the reader began.</summary>
    public IReadOnlyList<double> Recorded(string name, params (string Name, string Value)[] labels) =>
        [.. Of(_recorded, name, labels).Select(r => r.Value)];

    public void Dispose() => _listener.Dispose();

    private static IEnumerable<Reading> Of(
        IEnumerable<Reading> readings, string name, (string Name, string Value)[] labels) => readings.Where(r =>
        r.Name == name && Array.TrueForAll(labels, l => r.Labels.GetValueOrDefault(l.Name) == l.Value));

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray().ToDictionary(t => t.Key, t => t.Value?.ToString() ?? "");
        if (labels.GetValueOrDefault("node") == _node)
        {
            var readings = instrument.IsObservable ? _observed : _recorded;
            readings.Enqueue(new Reading(instrument.Name, value, labels));
        }
    }

    private sealed record Reading(string Name, double Value, Dictionary<string, string> Labels);
}
