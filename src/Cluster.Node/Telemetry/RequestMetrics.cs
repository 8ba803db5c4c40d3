using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>Times of REST requests, under OpenTelemetry's own name for them.</summary>
internal sealed class RequestMetrics(Meter meter, NodeId node)
{
    private readonly ConcurrentDictionary<(string Method, string Route, int Status), KeyValuePair<string, object?>[]>
        _tags = new();

    private readonly Histogram<double> _duration = Durations.Create(
        meter, "http.server.request.duration", "From the head of a REST request to the end of its answer.");

    /// <param name="method">One that HTTP knows: labels must not grow with what clients send.</param>
    /// <param name="route">Template of the endpoint.</param>
    public void Record(string method, string route, int status, TimeSpan elapsed) => _duration.Record(
        elapsed.TotalSeconds, _tags.GetOrAdd((method, route, status), static (key, id) => Make(key, id), node));

    private static KeyValuePair<string, object?>[] Make((string Method, string Route, int Status) key, NodeId node) =>
    [
        new(Labels.Node, node.Value),
        new("http.request.method", key.Method),
        new("http.route", key.Route),
        new("http.response.status_code", key.Status),
    ];
}
