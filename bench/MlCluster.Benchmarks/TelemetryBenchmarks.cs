using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Node.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MlCluster.Benchmarks;

/// <summary>What counting, and being ready to trace, costs a prediction.</summary>
public class TelemetryBenchmarks
{
    private static readonly ModelId Model = new("WWQI44MBbzI2oUKAvNUt");
    private static readonly NodeId Node = new("KzONM8c8T4Od-NoUANQNGg");
    private static readonly PredictRequest Request = new(Model, "r", ["x"], null, null, true, TimeSpan.FromSeconds(1));
    private static readonly PredictTimes Times = new(
        TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(0.1),
        TimeSpan.FromMilliseconds(2.5));

    private readonly NodeMetrics _metrics = new(Node);
    private MeterProvider? _provider;
    private ModelMetrics _model = null!;

    /// <summary>Listens as a node does.</summary>
    [GlobalSetup]
    public void Listen()
    {
        _model = _metrics.Models.Of(Model, "TEXT_EMBEDDING", "cpu");
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(NodeMetrics.MeterName)
            .AddPrometheusExporter()
            .Build();
    }

    /// <summary>Stops.</summary>
    [GlobalCleanup]
    public void Stop()
    {
        _provider?.Dispose();
        _metrics.Dispose();
    }

    /// <summary>On the ml node: a counter and four times.</summary>
    [Benchmark]
    public void Prediction() => _model.Record(Times);

    /// <summary>On the gateway: one time.</summary>
    [Benchmark]
    public void RestRequest() =>
        _metrics.Requests.Record("POST", "/_plugins/_ml/models/{model_id}/_predict", 200, Times.Total);

    /// <summary>On both, while nobody listens.</summary>
    [Benchmark]
    public (Activity? Ask, Activity? Predict) NoSpans() =>
        (Tracing.StartAsk(Model, Node, 1), Tracing.StartPredict(Request));
}
