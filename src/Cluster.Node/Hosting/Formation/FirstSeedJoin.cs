using System.Collections.Immutable;
using System.Data.Common;
using Akka.Actor;
using MlCluster.Node.Hosting.Tls;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>
/// Joins the first seed: it forms a cluster only where no other data node is alive, be it out of its reach.
/// </summary>
internal sealed class FirstSeedJoin(
    IClusterRegister register, NodeContext context, ActorSystem system, ILogger<FirstSeedJoin> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(system);
    private JoinPlan? _plan;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Retry, context.Time);
        do
        {
            await StepAsync(stoppingToken);
        }
        while (!HasJoined && await timer.WaitForNextTickAsync(stoppingToken));
    }

    private bool HasJoined => _cluster.State.Members.Any(m => m.UniqueAddress == _cluster.SelfUniqueAddress);

    private async Task StepAsync(CancellationToken stoppingToken)
    {
        try
        {
            Follow(JoinPlan.Of(
                context.Options.Seeds[0],
                context.Options.Seeds,
                await register.OthersAliveAsync(context.NodeId, stoppingToken)));
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            log.LogWarning("waiting for the database before a cluster is joined or formed: {Reason}", e.Message);
        }
    }

    // Akka's own process goes on until somebody answers: it is begun anew for another plan only.
    private void Follow(JoinPlan plan)
    {
        if (plan == _plan || HasJoined)
        {
            return;
        }

        if (plan.Addresses[0] != context.Options.Seeds[0])
        {
            log.LogInformation("joining data nodes that are alive: {Addresses}", string.Join(", ", plan.Addresses));
        }

        _plan = plan;
        var scheme = TlsSetup.Scheme(context.Tls);
        _cluster.JoinSeedNodes(
            plan.Addresses.Select(a => Address.Parse($"{scheme}://{AkkaSetup.SystemName}@{a}")).ToImmutableList());
    }
}
