using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>Requests and failures of this node by function, model and action.</summary>
internal sealed class ActionTable
{
    private readonly ConcurrentDictionary<ActionKey, ActionCounter> _counters = new();
    private readonly NodeId _node;

    public ActionTable(Meter meter, NodeId node)
    {
        _node = node;
        meter.CreateObservableCounter(
            "mlcluster.requests", () => Observe(static c => c.Requests), "{request}", "Requests, failed ones included.");
        meter.CreateObservableCounter(
            "mlcluster.failures", () => Observe(static c => c.Failures), "{request}", "Requests that came to nothing.");
    }

    /// <summary>The one counter of its key.</summary>
    /// <param name="model">Null: all models that are gone.</param>
    public ActionCounter Of(string function, ModelId? model, string action, string? device = null) =>
        _counters.GetOrAdd(new ActionKey(function, model, action, device), MakeCounter);

    /// <summary>A model is gone for good: what it counted is that of no model any more.</summary>
    public void Forget(ModelId model)
    {
        foreach (var key in _counters.Keys.Where(key => key.Model == model))
        {
            if (_counters.TryRemove(key, out var counter))
            {
                Of(key.Function, null, key.Action, key.Device).Take(counter);
            }
        }
    }

    /// <summary>All that was counted; where a model ran on several devices, together.</summary>
    public IReadOnlyList<ActionStatistics> Read() =>
    [
        .. _counters.GroupBy(c => (c.Key.Function, c.Key.Model, c.Key.Action)).Select(g => new ActionStatistics(
            g.Key.Function, g.Key.Model, g.Key.Action, g.Sum(c => c.Value.Requests), g.Sum(c => c.Value.Failures))),
    ];

    private IEnumerable<Measurement<long>> Observe(Func<ActionCounter, long> read) =>
        _counters.Values.Select(c => new Measurement<long>(read(c), c.Tags));

    private ActionCounter MakeCounter(ActionKey key) => new(Labels.Of(
        (Labels.Node, _node.Value),
        (Labels.Model, key.Model?.Value),
        (Labels.Function, Labels.FunctionOf(key.Function)),
        (Labels.Action, key.Action),
        (Labels.Device, key.Device)));
}
