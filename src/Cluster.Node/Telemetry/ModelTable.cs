using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>The models that this process has served.</summary>
internal sealed class ModelTable
{
    private readonly ConcurrentDictionary<(ModelId Model, string Function, string Device), ModelMetrics> _models = new();
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

    private ModelMetrics Make((ModelId Model, string Function, string Device) key) => new(
        _actions.Of(key.Function, key.Model, ActionNames.Predict, key.Device),
        _histograms,
        Labels.Of(
            (Labels.Node, _node.Value),
            (Labels.Model, key.Model.Value),
            (Labels.Function, Labels.FunctionOf(key.Function)),
            (Labels.Device, key.Device)));

    private void Gauge(Meter meter, string name, string unit, Func<ModelMetrics, long> read, string description) =>
        meter.CreateObservableUpDownCounter(name, () => Observe(read), unit, description);

    private void Counter(Meter meter, string name, string unit, Func<EngineCounts, long> read, string description) =>
        meter.CreateObservableCounter(name, () => Observe(m => read(m.Engine)), unit, description);

    private IEnumerable<Measurement<long>> Observe(Func<ModelMetrics, long> read) =>
        _models.Values.Select(m => new Measurement<long>(read(m), m.Tags));
}
