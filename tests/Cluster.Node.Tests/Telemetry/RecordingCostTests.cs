using System.Diagnostics;
using System.Diagnostics.Metrics;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>What counting costs a prediction.</summary>
[Collection(Alone.Name)]
public sealed class RecordingCostTests
{
    private static readonly ModelId Model = new("model-1");
    private static readonly PredictTimes Times = new(
        TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2),
        TimeSpan.FromMilliseconds(4));

    [Fact]
    public void Record_WithAListener_AllocatesNothing()
    {
        using var metrics = new NodeMetrics(new NodeId("node-1"));
        var heard = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == NodeMetrics.MeterName)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => heard++);
        listener.Start();
        var model = metrics.Models.Of(Model, "TEXT_EMBEDDING", "cpu");

        var allocated = Allocated(() =>
        {
            model.Record(Times);
            metrics.Routed.Record(Model, Times.Total, kept: 100);
            metrics.Requests.Record("POST", "/_plugins/_ml/models/{model_id}/_predict", 200, Times.Total);
        });

        Assert.Equal(0, allocated);
        Assert.Equal(12_000, heard);
    }

    [Fact]
    public void StartSpans_NobodyListens_AllocatesNothing()
    {
        var request = new PredictRequest(Model, "r", ["x"], null, null, true, TimeSpan.FromSeconds(1));
        Activity? ask = null, predict = null;

        var allocated = Allocated(() =>
        {
            ask = Tracing.StartAsk(Model, new NodeId("node-1"), 1);
            predict = Tracing.StartPredict(request);
        });

        Assert.Null(ask);
        Assert.Null(predict);
        Assert.Equal(0, allocated);
    }

    // The first thousand makes what is made once.
    private static long Allocated(Action act)
    {
        long before = 0;
        for (var i = 0; i < 2000; i++)
        {
            before = i == 1000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            act();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
