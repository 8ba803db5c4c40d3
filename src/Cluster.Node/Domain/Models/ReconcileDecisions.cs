using MlCluster.Messages;
using MlCluster.Messages.Models;
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
                .. StaleNodes(state, model, context),
                .. LostNodes(state, model, context),
                .. PlanChange(state, model, context),
            ])
            : ModelDecision.Nothing;
    }

    /// <summary>Nodes whose process is another one now: what the old one had is gone.</summary>
    public static IEnumerable<IModelEvent> StaleNodes(ModelState state, ModelId model, ModelContext context) =>
        from node in state.Plan.Nodes.Values
        where node.Status == NodeDeploymentStatus.Loaded
        let facts = context.Find(node.NodeId)
        where facts is not null && facts.Incarnation != node.Incarnation
        select context.Limits.RedeploysByItself
            ? (IModelEvent)new NodeDeploymentLost(model, node.NodeId, Left: false, context.Now)
            : new NodeDeploymentReported(
                model, node.NodeId, facts.Incarnation, NodeDeploymentStatus.Failed, NotRedeployed, context.Now);

    // A node that failed stays failed: it is tried again when someone deploys again.
    private static IEnumerable<IModelEvent> LostNodes(ModelState state, ModelId model, ModelContext context) =>
        from node in state.Plan.Nodes.Values
        where !state.Plan.ToAll && context.Lost.Contains(node.NodeId)
        where node.Status == NodeDeploymentStatus.Loaded || IsAwaited(state, node.NodeId)
        select new NodeDeploymentLost(model, node.NodeId, Left: true, context.Now);

    private static bool IsAwaited(ModelState state, NodeId node) =>
        state.Tasks.Values.Any(t => !t.IsDecided && t.Nodes.Contains(node) && !t.Outcomes.ContainsKey(node));

    private static IEnumerable<IModelEvent> PlanChange(ModelState state, ModelId model, ModelContext context)
    {
        if (!state.Plan.ToAll)
        {
            return [];
        }

        // A node without room enters the plan when it has some.
        var joined = context.Limits.RedeploysByItself ? context.Place(state.Wanted(model)).Loads : [];
        var added = joined
            .Select(l => l.Node)
            .Concat(context.Nodes.Where(n => n.Serves).Select(n => n.NodeId))
            .Where(n => !state.Plan.Nodes.ContainsKey(n))
            .ToList();
        var removed = state.Plan.Nodes.Keys.Where(context.Lost.Contains).ToList();
        return added.Count + removed.Count == 0
            ? []
            : [new DeploymentPlanChanged(model, state.Plan.Version + 1, added, removed, context.Now)];
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
