using System.Data.Common;
using Akka.Actor;
using Akka.Cluster;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>
/// Says in the register that this data node lives, and ends its cluster when a newer one uses the same database.
/// </summary>
/// <remarks>
/// A newer one can be there when this one had lost the database and nobody could tell that it lives. Clusters of Akka
/// never become one by themselves, so one has to give way: its nodes start again and join the other.
/// </remarks>
internal sealed class ClusterPresence(
    IClusterRegister register,
    FormationSettings settings,
    NodeContext context,
    ActorSystem system,
    ILogger<ClusterPresence> log) : BackgroundService
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(system);
    private long? _epoch;

    private RegisteredNode Self => new(context.NodeId, RegisteredMember.Of(_cluster.SelfUniqueAddress));

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_epoch is not null)
        {
            await TryAsync(token => register.LeaveAsync(context.NodeId, token), cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.RegisterOnMemberUp(up.SetResult);
        await up.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(settings.BeatInterval, context.Time);
        do
        {
            await TryAsync(StepAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // A database that does not answer says nothing about other clusters; the node's health tells of it.
    private static async Task TryAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step(cancellationToken);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            // The next beat tries again.
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        _epoch ??= await FindEpochAsync(cancellationToken);
        if (_epoch is { } epoch && await register.BeatAsync(Self, epoch, cancellationToken) > epoch)
        {
            GiveWay();
        }
    }

    // Those who joined have the number of those who let them in; the oldest takes one for all.
    private async Task<long?> FindEpochAsync(CancellationToken cancellationToken)
    {
        var members = _cluster.State.Members;
        RegisteredMember[] registered = [.. members.Select(m => RegisteredMember.Of(m.UniqueAddress))];
        if (await register.EpochOfAsync(registered, cancellationToken) is { } known)
        {
            return known;
        }

        var oldest = members.Where(m => m.HasRole(NodeRole.Data)).Order(Member.AgeOrdering).FirstOrDefault();
        if (oldest?.UniqueAddress != _cluster.SelfUniqueAddress)
        {
            return null;
        }

        var formed = await register.FormAsync(Self, registered, cancellationToken);
        if (formed is null)
        {
            GiveWay();
        }

        return formed;
    }

    // Nodes without the database go too: nobody would be left to tell them.
    private void GiveWay()
    {
        log.LogError(
            "another cluster uses the same database, and this one gives way: its nodes end, start again and join it "
            + "(should they form a cluster of their own again, correct --seeds)");
        foreach (var member in _cluster.State.Members.Where(m => m.UniqueAddress != _cluster.SelfUniqueAddress))
        {
            _cluster.Down(member.Address);
        }

        _cluster.Down(_cluster.SelfAddress);
    }
}
