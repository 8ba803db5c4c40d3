using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>A state as one event, and back.</summary>
internal static class ModelSnapshots
{
    /// <summary>Due after so many events; a state that is about to end soon is left to its end.</summary>
    /// <param name="events">Events since the latest snapshot.</param>
    public static ModelDecision Next(ModelState state, ModelId model, int events, ModelContext context) =>
        events >= context.Limits.SnapshotAfter && state.Phase is ModelPhase.Collecting or ModelPhase.Registered
            ? ModelDecision.Silent(Take(state, model, context.Now))
            : ModelDecision.Nothing;

    public static ModelSnapshotTaken Take(ModelState state, ModelId model, long now) => new(
        model,
        new SnapshotDocument(
            state.Spec!,
            state.Dialect,
            state.Phase == ModelPhase.Registered,
            state.Version,
            state.Times,
            state.Origin is { } o ? new SnapshotOrigin(o.TaskId, o.Url, o.Sha256, o.Deploy, o.Attempts) : null),
        ContentOf(state.Content),
        new SnapshotPlan(state.Plan.Version, state.Plan.ToAll, [.. state.Plan.Nodes.Values.Select(NodeOf)])
        {
            WantedSince = state.Plan.WantedSince,
        },
        new SnapshotWork(
            [.. state.Tasks.Values.Select(TaskOf)],
            [.. state.SettledTasks],
            [.. state.Undeployments.Select(UndeploymentOf)])
        {
            DeletedBy = state.DeletedBy,
        },
        now)
    {
        Updates = state.Updates == UpdateState.None ? null : UpdatesOf(state.Updates),
    };

    /// <summary>The state that the snapshot was taken of.</summary>
    public static ModelState Restore(ModelSnapshotTaken taken)
    {
        var document = taken.Document;
        return new ModelState
        {
            Phase = document.Registered ? ModelPhase.Registered : ModelPhase.Collecting,
            Spec = document.Spec,
            Dialect = document.Dialect,
            Version = document.Version,
            Times = document.Times,
            Origin = document.Origin is { } o ? new UrlOrigin(o.TaskId, o.Url, o.Sha256, o.Deploy, o.Attempts) : null,
            Content = Restore(taken.Content),
            Plan = Restore(taken.Plan, document.Times),
            Tasks = taken.Work.Tasks.ToImmutableDictionary(t => t.TaskId, Restore),
            SettledTasks = [.. taken.Work.Settled],
            Undeployments = [.. taken.Work.Undeployments.Select(Restore)],
            DeletedBy = taken.Work.DeletedBy,
            Updates = taken.Updates is { } updates ? Restore(updates) : UpdateState.None,
        };
    }

    private static SnapshotUpdates UpdatesOf(UpdateState u) => new(
        u.RulesVersion,
        u.RulesOwed,
        u.LatestUpdates is [.., var last] ? last : null,
        u.Controller is { } controller ? ControllerOf(controller) : null)
    {
        EarlierUpdates = [.. u.LatestUpdates.SkipLast(1)],
    };

    private static UpdateState Restore(SnapshotUpdates u) => new(
        u.RulesVersion,
        u.RulesOwed,
        u.LastUpdate is { } last ? [.. u.EarlierUpdates, last] : [],
        u.Controller is { } controller ? Restore(controller) : null);

    private static SnapshotController ControllerOf(ControllerState c)
    {
        var last = c.Commands[^1];
        return new SnapshotController(c.Users, last.Version, last.IsNew, last.CommandId)
        {
            Earlier = [.. c.Commands.SkipLast(1).Select(
                e => new SnapshotControllerCommand(e.CommandId, e.Version, e.IsNew))],
        };
    }

    private static ControllerState Restore(SnapshotController c) => new(
        c.Users,
        [
            .. c.Earlier.Select(e => new ControllerCommand(e.CommandId, e.Version, e.IsNew)),
            new ControllerCommand(c.LastCommand, c.Version, c.IsNew),
        ]);

    private static SnapshotContent ContentOf(ContentState c) => new(
        c.TotalChunks, c.SizeBytes, c.Sha256, [.. c.Chunks.Values], c.LastChunkTime, c.Generation, c.Problem)
    {
        ModelBytes = c.ModelBytes,
    };

    private static ContentState Restore(SnapshotContent c) => new(
        c.TotalChunks,
        c.SizeBytes,
        c.Sha256,
        c.Chunks.ToImmutableSortedDictionary(chunk => chunk.Number, chunk => chunk),
        c.LastChunkTime,
        c.Generation,
        c.Problem)
    {
        ModelBytes = c.ModelBytes,
    };

    // Before it was written down, the time of the deployment was taken for the time of the wish.
    private static DeploymentPlan Restore(SnapshotPlan p, ModelTimes times) =>
        new(p.Version, p.ToAll, p.Nodes.ToImmutableDictionary(n => n.NodeId, Restore))
        {
            WantedSince = p.WantedSince ?? times.LastDeployed ?? times.LastUpdated,
        };

    private static SnapshotNode NodeOf(PlannedNode n) =>
        new(n.NodeId, n.Status, n.Since, n.Incarnation, n.Error) { HeldUp = n.HeldUp };

    private static PlannedNode Restore(SnapshotNode n) =>
        new(n.NodeId, n.Status, n.Since, n.Incarnation, n.Error) { HeldUp = n.HeldUp };

    private static SnapshotTask TaskOf(OwedTask t) => new(
        t.TaskId,
        t.Type,
        t.Dialect,
        t.Nodes,
        [.. t.Outcomes.Select(o => new SnapshotOutcome(o.Key, o.Value))],
        t.Finished,
        t.Error);

    private static OwedTask Restore(SnapshotTask t) => new(
        t.TaskId,
        t.Type,
        t.Dialect,
        t.Nodes,
        t.Outcomes.ToImmutableDictionary(o => o.NodeId, o => o.Error),
        t.Finished,
        t.Error);

    private static SnapshotUndeployment UndeploymentOf(Undeployment u) => new(
        u.CommandId,
        u.PlanVersion,
        u.Dialect,
        u.Nodes,
        [.. u.Results.Select(r => new SnapshotResult(r.Key, r.Value))]);

    private static Undeployment Restore(SnapshotUndeployment u) => new(
        u.CommandId,
        u.PlanVersion,
        u.Dialect,
        u.Nodes,
        u.Results.ToImmutableDictionary(r => r.NodeId, r => r.WasLoaded));
}
