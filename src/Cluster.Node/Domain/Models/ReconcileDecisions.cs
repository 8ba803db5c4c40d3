using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Tasks;

namespace MlCluster.Node.Domain.Models;

/// <summary>Compares what is wanted with the cluster as it is.</summary>
internal static class ReconcileDecisions
{
    private const string NotRedeployed =
        "the node has restarted and plugins.ml_commons.model_auto_redeploy.enable is false: deploy the model again";

    public static ModelDecision Reconcile(ModelState state, ModelId model, ModelContext context)
    {
        if (HasExpired(state, context))
        {
            return ModelDecision.Silent(new ModelExpired(model, context.Now));
        }

        if (HasStalled(state, context))
        {
            return RegistrationDecisions.Fail(
                state, model, TaskOutcomes.TimeoutReason(context.Limits.TaskTimeout), context);
        }

        return state.Exists
            ? ModelDecision.Silent(
            [
                .. NewProcesses(state, model, context),
                .. LostNodes(state, model, context),
                .. PlanChange(state, model, context),
            ])
            : ModelDecision.Nothing;
    }

    /// <summary>Nodes whose process is another one now: what the old one had is gone, the new one is to load.</summary>
    /// <remarks>So are nodes that had left, though it may be the same process; one that serves is told at no cost.</remarks>
    public static IEnumerable<IModelEvent> NewProcesses(ModelState state, ModelId model, ModelContext context) =>
        from node in state.Plan.Nodes.Values
        where node.Status == NodeDeploymentStatus.Loaded || node.IsGone
        let facts = context.Find(node.NodeId)
        where facts is not null && facts.Incarnation != node.Incarnation
        select context.Limits.RedeploysByItself || facts.Serves
            ? (IModelEvent)new NodeDeploymentLost(model, node.NodeId, Left: false, context.Now)
            : new NodeDeploymentReported(
                model, node.NodeId, facts.Incarnation, NodeDeploymentStatus.Failed, NotRedeployed, context.Now);

    // A node that failed stays failed: it is tried again when someone deploys again. A plan that wants every node is
    // left by those that leave.
    private static IEnumerable<IModelEvent> LostNodes(ModelState state, ModelId model, ModelContext context) =>
        from node in state.Plan.Nodes.Values
        where !state.Plan.ToAll && context.Lost.Contains(node.NodeId)
        where node is { Status: not NodeDeploymentStatus.Failed, IsGone: false }
        select new NodeDeploymentLost(model, node.NodeId, Left: true, context.Now);

    private static IEnumerable<IModelEvent> PlanChange(ModelState state, ModelId model, ModelContext context)
    {
        if (!state.Plan.ToAll && !state.Plan.Nodes.Values.Any(n => MayAskAgain(n, context)))
        {
            return [];
        }

        var placement = context.Place(state.Wanted(model));
        var full = Newcomers(state, placement.Refusals.Select(r => r.Assignment.Node), context).ToHashSet();
        List<NodeId> added = [.. Entering(state, placement, context), .. full];
        var removed = state.Plan.ToAll ? state.Plan.Nodes.Keys.Where(context.Lost.Contains).ToList() : [];
        return added.Count + removed.Count == 0
            ? []
            :
            [
                new DeploymentPlanChanged(model, state.Plan.Version + 1, added, removed, context.Now),
                .. placement.Refusals.Where(r => full.Contains(r.Assignment.Node)).Select(r => HeldUp(model, r, context)),
            ];
    }

    // Newcomers that have room, or serve it already, and nodes that waited for room and have some.
    private static IEnumerable<NodeId> Entering(ModelState state, PlacementPlan placement, ModelContext context)
    {
        List<NodeId> fit = [.. placement.Loads.Select(l => l.Node)];
        IEnumerable<NodeId> serving = context.Nodes.Where(n => n.Serves).Select(n => n.NodeId);
        var waiting = fit.Concat(serving)
            .Where(n => state.Plan.Nodes.TryGetValue(n, out var node) && MayAskAgain(node, context));
        var known = state.Plan.ToAll ? serving.Where(n => !state.Plan.Nodes.ContainsKey(n)) : [];
        return waiting.Concat(known).Concat(Newcomers(state, fit, context)).Distinct();
    }

    // Who joins a plan that wants every node.
    private static IEnumerable<NodeId> Newcomers(ModelState state, IEnumerable<NodeId> nodes, ModelContext context) =>
        state.Plan.ToAll && context.Limits.RedeploysByItself
            ? nodes.Where(n => !state.Plan.Nodes.ContainsKey(n))
            : [];

    // It is wanted there all the same: the model says that a node is missing, and comes up on it when there is room.
    private static NodeDeploymentReported HeldUp(ModelId model, Refusal refusal, ModelContext context) => new(
        model,
        refusal.Assignment.Node,
        context.Find(refusal.Assignment.Node)!.Incarnation,
        NodeDeploymentStatus.Loading,
        refusal.Reason,
        context.Now);

    // The node counts what it is loading and what it unpacks, the plan what is served: they may differ for ever, so it
    // is asked more and more seldom.
    private static bool MayAskAgain(PlannedNode node, ModelContext context)
    {
        var (shortest, longest) = (context.Limits.RoomRetry, context.Limits.MaxRoomRetry);
        return node.WaitsForRoom
            && (node.HeldUp is not { } since || context.Now - since.Last >= Math.Clamp(
                since.Last - since.First, shortest.TotalMilliseconds, longest.TotalMilliseconds));
    }

    // The model's entity decides it, not the task: task and model end by one event.
    private static bool HasStalled(ModelState state, ModelContext context) =>
        state.Phase == ModelPhase.Downloading
        && context.LastProgress is { } last
        && context.Now - last > context.Limits.TaskTimeout.TotalMilliseconds;

    // A complete set is being checked, or was refused and may be mended.
    private static bool HasExpired(ModelState state, ModelContext context) =>
        state is { Phase: ModelPhase.Collecting }
        && !(state.Content is { HasAllChunks: true, Problem: null })
        && context.Now - state.Content.LastChunkTime > context.Limits.UploadExpiry.TotalMilliseconds;
}
