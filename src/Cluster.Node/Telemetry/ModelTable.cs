using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>The models that this process has served, until they are gone for good.</summary>
internal sealed class ModelTable
{
    private readonly ConcurrentDictionary<(ModelId? Model, string Function, string Device), ModelMetrics> _models =
        new();
    private readonly NodeId _node;
    private readonly ActionTable _actions;
    private readonly PredictHistograms _histograms;

    public ModelTable(Meter meter, NodeId node, ActionTable actions)
    {
        (_node, _actions, _histograms) = (node, actions, new PredictHistograms(meter));
        Gauge(meter, "mlcluster.predict.active", "{request}", static m => m.Active, "Predictions that are not answered yet.");
        Gauge(meter, "mlcluster.queue.tokens", "{token}", static m => m.Engine.QueuedTokens, "Tokens that wait or run.");
        Counter(meter, "mlcluster.forwards", "{forward}", static e => e.Forwards, "Forwards of predictions.");
        Counter(meter, "mlcluster.documents", "{document}", static e => e.Documents, "Documents in them.");
        Counter(meter, "mlcluster.tokens", "{token}", static e => e.Tokens, "Tokens in them, padding included.");
        Counter(meter, "mlcluster.padding_tokens", "{token}", static e => e.PaddingTokens, "Padding among these.");
    }

    /// <summary>Models in service now.</summary>
    public int Served => _models.Where(static m => m.Value.IsServed).DistinctBy(static m => m.Key.Model).Count();

    /// <summary>Predictions that are being answered now.</summary>
    public long Active => _models.Values.Sum(static m => m.Active);

    /// <summary>The one of its model and device.</summary>
    public ModelMetrics Of(ModelId model, string function, string device) =>
        _models.GetOrAdd((model, function, device), Make);

    /// <summary>A model is gone for good: what it did was done by no model any more.</summary>
    /// <returns>False: it is at work here, and stays.</returns>
    public bool Forget(ModelId model)
    {
        var known = _models.Where(m => m.Key.Model == model).ToList();
        if (known.Exists(static m => m.Value.IsServed || m.Value.Active > 0))
        {
            return false;
        }

        foreach (var (key, metrics) in known.Where(m => _models.TryRemove(m)))
        {
            _models.GetOrAdd((null, key.Function, key.Device), Make).Take(metrics.Engine);
        }

        return true;
    }

    private ModelMetrics Make((ModelId? Model, string Function, string Device) key) => new(
        _actions.Of(key.Function, key.Model, ActionNames.Predict, key.Device),
        _histograms,
        Labels.Of(
            (Labels.Node, _node.Value),
            (Labels.Model, key.Model?.Value),
            (Labels.Function, Labels.FunctionOf(key.Function)),
            (Labels.Device, key.Device)));

    private void Gauge(Meter meter, string name, string unit, Func<ModelMetrics, long> read, string description) =>
        meter.CreateObservableUpDownCounter(name, () => Observe(read), unit, description);

    private void Counter(Meter meter, string name, string unit, Func<EngineCounts, long> read, string description) =>
        meter.CreateObservableCounter(name, () => Observe(m => read(m.Engine)), unit, description);

    private IEnumerable<Measurement<long>> Observe(Func<ModelMetrics, long> read) =>
        _models.Values.Select(m => new Measurement<long>(read(m), m.Tags));
}
