using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting.Tls;

namespace MlCluster.Node.Hosting;

/// <summary>Says once, on standard output, that the node is ready and what to try next; before, why it takes
/// long.</summary>
internal sealed class ReadyAnnouncer(NodeReadiness readiness, NodeContext context, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A seed that is only late is not to be troubled with calls that it does not understand.
    private static readonly TimeSpan PatienceWithSeeds = TimeSpan.FromSeconds(15);

    private string Node => $"MlCluster node {context.Name} ({context.NodeId})";

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await WaitUntilReadyAsync(stoppingToken);
        await Console.Out.WriteLineAsync(Ready());
    }

    private async Task WaitUntilReadyAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Poll, context.Time);
        var since = context.Time.GetTimestamp();
        var (told, asked) = (false, false);
        while (await readiness.ReasonsAsync(stoppingToken) is { Count: > 0 } reasons)
        {
            if (!told && context.Time.GetElapsedTime(since) >= Patience)
            {
                told = true;
                await Console.Out.WriteLineAsync($"{Node} is not ready: {string.Join("; ", reasons)}");
            }

            if (!asked && context.Time.GetElapsedTime(since) >= PatienceWithSeeds)
            {
                asked = true;
                await TellOfSeedsAsync(stoppingToken);
            }

            await timer.WaitForNextTickAsync(stoppingToken);
        }
    }

    // Remoting says of a seed that refuses it only that it does not answer.
    private async Task TellOfSeedsAsync(CancellationToken stoppingToken)
    {
        foreach (var seed in readiness.HasJoined ? [] : context.Options.OtherSeeds)
        {
            if (await SeedProbe.FaultOfAsync(seed, context.Tls, stoppingToken) is { } fault)
            {
                await Console.Out.WriteLineAsync($"TLS: {fault}");
            }
        }
    }

    private string Ready()
    {
        var address = context.Options.Http.GetLeftPart(UriPartial.Authority);
        var roles = string.Join(", ", context.Options.Roles);
        var ready = $"{Node} is ready: {roles} on {address}, data in {context.Options.DataDirectory}";
        return context.Options.HasRole(NodeRole.Gateway)
            ? ready + $"\nTry next: curl '{address}/_cat/nodes?v'   (the README walks on from here)"
            : ready;
    }
}
