using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Hosting;

/// <summary>Says once, on standard output, that the node is ready and what to try next.</summary>
internal sealed class ReadyAnnouncer(NodeReadiness readiness, NodeContext context, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Poll, context.Time);
        while ((await readiness.ReasonsAsync(stoppingToken)).Count > 0)
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        await Console.Out.WriteLineAsync(Text());
    }

    private string Text()
    {
        var address = context.Options.Http.GetLeftPart(UriPartial.Authority);
        var roles = string.Join(", ", context.Options.Roles);
        var ready = $"MlCluster node {context.Name} ({context.NodeId}) is ready: {roles} on {address}, "
            + $"data in {context.Options.DataDirectory}";
        return context.Options.HasRole(NodeRole.Gateway)
            ? ready + $"\nTry next: curl '{address}/_cat/nodes?v'   (the README walks on from here)"
            : ready;
    }
}
