namespace MlCluster.Node.Hosting;

/// <summary>Says when the process begins to stop, when everything of it has, and how long that took.</summary>
internal static class NodeLifeLog
{
    public static void LogStopping(this WebApplication app, NodeContext context)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MlCluster.Node");
        var began = context.Time.GetTimestamp();
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            began = context.Time.GetTimestamp();
            log.LogInformation(
                "stopping: node {Node} takes no new work and finishes what is in flight", context.Name);
        });
        app.Lifetime.ApplicationStopped.Register(() => log.LogInformation(
            "stopped: node {Node} after {Seconds} s",
            context.Name,
            Math.Round(context.Time.GetElapsedTime(began).TotalSeconds, 1)));
    }
}
