namespace MlCluster.Node.Hosting;

/// <summary>Says when the process begins to stop and when everything of it has.</summary>
internal static class NodeLifeLog
{
    public static void LogStopping(this WebApplication app, NodeContext context)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MlCluster.Node");
        app.Lifetime.ApplicationStopping.Register(() => log.LogInformation(
            "stopping: node {Node} takes no new work and finishes what is in flight", context.Name));
        app.Lifetime.ApplicationStopped.Register(() => log.LogInformation("stopped: node {Node}", context.Name));
    }
}
