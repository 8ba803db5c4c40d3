using System.Collections.Concurrent;
using System.Diagnostics;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>Listens to our spans, all of this process, as an exporter does.</summary>
internal sealed class SpanReader : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <param name="sampling">What becomes of every span.</param>
    public SpanReader(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Tracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
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
