namespace MlCluster.Node.Hosting;

/// <summary><c>/health/live</c> and <c>/health/ready</c>, on every node whatever its roles.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.Map("/health/live", branch => branch.Run(WriteLiveAsync));
        app.Map("/health/ready", branch => branch.Run(WriteReadyAsync));
    }

    // A node that wants a restart still serves its other models: it says so and stays alive.
    private static Task WriteLiveAsync(HttpContext context)
    {
        var readiness = context.RequestServices.GetRequiredService<NodeReadiness>();
        return WriteAsync(context, "alive", readiness.RestartReasons, StatusCodes.Status200OK);
    }

    private static async Task WriteReadyAsync(HttpContext context)
    {
        var readiness = context.RequestServices.GetRequiredService<NodeReadiness>();
        var reasons = await readiness.ReasonsAsync(context.RequestAborted);
        await WriteAsync(
            context,
            reasons.Count == 0 ? "ready" : "not_ready",
            reasons,
            reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static Task WriteAsync(HttpContext context, string status, IReadOnlyList<string> reasons, int code)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsJsonAsync(
            new { status, reasons }, cancellationToken: context.RequestAborted);
    }
}
