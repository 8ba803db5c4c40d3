using System.Collections.Concurrent;
using System.Diagnostics;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>Listens to our spans, all of this process, as an exporter does.</summary>
internal sealed class SpanReader : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanReader()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Tracing.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Spans of a trace that have ended.</summary>
    public IReadOnlyList<Activity> Of(string traceId) => [.. _ended.Where(s => s.TraceId.ToHexString() == traceId)];

    /// <summary>The one of its name in a trace.</summary>
    public Activity Single(string traceId, string operation) =>
        Assert.Single(Of(traceId), s => s.OperationName == operation);

    public void Dispose() => _listener.Dispose();
}
