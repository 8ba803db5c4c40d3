using MlCluster.Node.Gateway.OpenApi;
using MlCluster.Node.Ml;

namespace MlCluster.Node.Hosting;

/// <summary><c>/health/live</c> and <c>/health/ready</c>, on every node whatever its roles.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.Map("/health/live", (RequestDelegate)(http => AnswerAsync(http, WriteLiveAsync)))
            .WithMetadata(new RouteDescription("healthLive", "Health", "Whether this process is alive")
                { Details = "On every node, whatever its roles; with HEAD too.", Answer = "NodeHealth" });
        app.Map("/health/ready", (RequestDelegate)(http => AnswerAsync(http, WriteReadyAsync)))
            .WithMetadata(new RouteDescription("healthReady", "Health", "Whether this node can do its work")
            {
                Details = "On every node, whatever its roles; with HEAD too.",
                Answer = "NodeHealth",
                AlsoAnswers = [503],
            });
    }

    /// <summary>Lets GET and HEAD pass and refuses all other methods.</summary>
    public static RequestDelegate RefuseOthers(RequestDelegate next) => http => AnswerAsync(http, next);

    /// <summary>Says where the REST API is: a node without it would look broken.</summary>
    public static Task NoGatewayAsync(HttpContext http)
    {
        const string Error = "this node has no REST API, only /health/live, /health/ready and /metrics: ask a node with "
            + "role gateway";
        return WriteErrorAsync(http, StatusCodes.Status404NotFound, Error);
    }

    private static Task AnswerAsync(HttpContext http, RequestDelegate answer) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            ? answer(http)
            : RefuseAsync(http);

    // In the words of the gateway, which not every node has.
    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.Allow = "GET,HEAD";
        var error = $"Incorrect HTTP method for uri [{http.Request.Path}] and method [{http.Request.Method}], "
            + "allowed: [GET, HEAD]";
        return WriteErrorAsync(http, StatusCodes.Status405MethodNotAllowed, error);
    }

    private static Task WriteErrorAsync(HttpContext http, int status, string error)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { error, status }, cancellationToken: http.RequestAborted);
    }

    // A node that wants a restart still serves its other models: it says so and stays alive.
    private static Task WriteLiveAsync(HttpContext context)
    {
        var health = context.RequestServices.GetRequiredService<NodeHealth>();
        return WriteAsync(context, "alive", health.Reasons, StatusCodes.Status200OK);
    }

    private static async Task WriteReadyAsync(HttpContext context)
    {
        var readiness = context.RequestServices.GetRequiredService<NodeReadiness>();
        var health = context.RequestServices.GetRequiredService<NodeHealth>();
        var faults = await readiness.ReasonsAsync(context.RequestAborted);
        await WriteAsync(
            context,
            faults.Count == 0 ? "ready" : "not_ready",
            [.. faults, .. health.Reasons.Select(r => $"restart wanted: {r}")],
            faults.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static Task WriteAsync(HttpContext context, string status, IReadOnlyList<string> reasons, int code)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsJsonAsync(
            new { status, reasons }, cancellationToken: context.RequestAborted);
    }
}
