using System.Diagnostics;
using MlCluster.Messages.Inference;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>The span of a REST request, in OpenTelemetry's words for them.</summary>
/// <remarks>
/// Its parent is the client's, never an activity that the server makes for logs or listeners of its own: nobody exports
/// that one.
/// </remarks>
internal static class RequestSpan
{
    /// <summary>Starts it; null: nobody listens.</summary>
    public static Activity? Start(HttpContext http)
    {
        if (!Tracing.Source.HasListeners())
        {
            return null;
        }

        var client = ClientOf(http.Request.Headers);
        _ = ActivityContext.TryParse(client?.Parent, client?.State, isRemote: true, out var parent);
        Activity.Current = null;
        var method = Methods.Known(http.Request.Method);
        return Tracing.Source.StartActivity(method, ActivityKind.Server, parent)
            ?.SetTag("http.request.method", method)
            .SetTag("url.path", http.Request.Path.Value);
    }

    /// <summary>Says what came of it.</summary>
    /// <param name="route">Template of the endpoint.</param>
    public static void End(Activity span, HttpContext http, string route)
    {
        span.DisplayName = $"{span.OperationName} {route}";
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (OpaqueId.Read(http) is { } id)
        {
            span.SetTag("http.request.header.x-opaque-id", id);
        }

        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>The trace's id for the log; null: neither we nor the client keep one.</summary>
    public static string? TraceIdOf(HttpContext http) =>
        Activity.Current is { } span ? $"{span.TraceId}"
        : ActivityContext.TryParse(ClientOf(http.Request.Headers)?.Parent, null, out var client) ? $"{client.TraceId}"
        : null;

    /// <summary>The trace that the client's request is a part of; null: none, or none that can be read.</summary>
    public static TraceContext? ClientOf(IHeaderDictionary headers)
    {
        if (headers.TraceParent is not { Count: 1 } sent)
        {
            return null;
        }

        var (parent, state) = (sent.ToString(), headers.TraceState is { Count: > 0 } s ? s.ToString() : null);
        return ActivityContext.TryParse(parent, state, out _) ? new TraceContext(parent, state) : null;
    }
}
