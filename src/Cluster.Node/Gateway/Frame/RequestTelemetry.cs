using System.Diagnostics;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Times REST requests and ends their spans.</summary>
internal sealed class RequestTelemetry(NodeContext context)
{
    // The client has gone before its answer: what proxies write into their logs.
    private const int ClientGone = 499;
    private const string NoRoute = "none";

    /// <summary>The moment at which a request began.</summary>
    public long Begin() => context.Time.GetTimestamp();

    /// <summary>A request is over.</summary>
    /// <param name="route">Template of its endpoint; null: it met none.</param>
    /// <param name="began">As <see cref="Begin"/> gave it.</param>
    public void End(HttpContext http, string? route, Activity? span, long began)
    {
        var status = http.RequestAborted.IsCancellationRequested ? ClientGone : http.Response.StatusCode;
        context.Metrics.Requests.Record(
            Methods.Known(http.Request.Method), route ?? NoRoute, status, context.Time.GetElapsedTime(began));
        if (span is not null)
        {
            RequestSpan.End(span, http, route ?? NoRoute);
        }
    }
}
