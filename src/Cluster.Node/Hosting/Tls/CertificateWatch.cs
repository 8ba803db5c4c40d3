using Akka.Actor;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Warns day by day of the certificate's end, and ends the node in good order just before it.</summary>
/// <remarks>
/// Akka ends every process that calls a node and is shown an expired certificate: one forgotten node would take the
/// others with it.
/// </remarks>
internal sealed class CertificateWatch(NodeContext context, ActorSystem system, ILogger<CertificateWatch> log)
    : BackgroundService
{
    // Before: a call made now is answered a moment later.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (context.Tls is not { } identity)
        {
            return;
        }

        while (CertificateLife.Left(identity, context.Time) - Margin is var left && left > TimeSpan.Zero)
        {
            var pause = TimeSpan.FromTicks(Math.Clamp(left.Ticks, Least.Ticks, Day.Ticks));
            using var timer = new PeriodicTimer(pause, context.Time);
            await timer.WaitForNextTickAsync(stoppingToken);
            if (CertificateLife.Warning(context) is { } warning)
            {
                log.LogWarning("TLS: {Warning}", warning);
            }
        }

        await CoordinatedShutdown.Get(system).Run(new CertificateExpired(context.Options.Tls.Certificate!));
    }
}
