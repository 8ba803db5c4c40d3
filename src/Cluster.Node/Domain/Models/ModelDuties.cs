using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>Something a state asks for. It is done again until the state does not ask any more.</summary>
internal abstract record Duty
{
    /// <summary>Fetch the archive.</summary>
    internal sealed record Download : Duty;

    /// <summary>Look at the complete set of chunks.</summary>
    internal sealed record CheckContent(int Generation) : Duty;

    /// <summary>Tell a node to have the model.</summary>
    internal sealed record Load(NodeFacts Node, PlannedNode Planned, TaskId? Task) : Duty;

    /// <summary>Tell a node to give the model up.</summary>
    internal sealed record Unload(NodeFacts Node, long PlanVersion) : Duty;

    /// <summary>Tell a node that has the model which predictions to let through.</summary>
    internal sealed record ApplyRules(NodeFacts Node, ServingRules Rules) : Duty;

    /// <summary>Remove chunks and journal.</summary>
    internal sealed record Purge : Duty;
}

/// <summary>What is to be done, beside telling tasks; a pure function of state and cluster.</summary>
internal static class ModelDuties
{
    public static IEnumerable<Duty> Of(ModelState state, ModelContext context) =>
        [.. OfContent(state), .. Loads(state, context), .. Unloads(state, context), .. Rules(state, context)];

    /// <summary>Nodes that may still go by older rules. What is loaded later is loaded with the rules of then; a node
    /// that failed may be at it all the same, as long as it is there.</summary>
    public static IEnumerable<NodeId> OwedRules(ModelState state, ModelContext context) =>
        from node in state.Plan.Nodes.Values
        where state.Updates.RulesOwed && !node.IsHeldUp && !context.RuledNodes.Contains(node.NodeId)
        where node.Status != NodeDeploymentStatus.Failed || context.Find(node.NodeId) is not null
        select node.NodeId;

    /// <summary>True when the entity has to be awake.</summary>
    public static bool NeedsAttention(ModelState state, ModelId model, ModelContext context) =>
        state.Tasks.Count > 0
        || state.Phase is ModelPhase.Downloading or ModelPhase.Collecting or ModelPhase.Gone
        || state.Undeployments.Exists(u => !u.IsDone)
        || state.Updates.RulesOwed
        || Of(state, context).Any()
        || state.Plan.Nodes.Values.Any(n => MayBeLost(state, n) && context.Find(n.NodeId) is null)
        || ReconcileDecisions.Reconcile(state, model, context).Events.Count > 0;

    // A node that is known to have left wakes its models when it comes back; until then they need nothing.
    private static bool MayBeLost(ModelState state, PlannedNode node) =>
        state.Plan.ToAll || node is { Status: not NodeDeploymentStatus.Failed, IsGone: false };

    private static IEnumerable<Duty> OfContent(ModelState state)
    {
        switch (state)
        {
            case { Phase: ModelPhase.Downloading }:
                yield return new Duty.Download();
                break;
            case { Phase: ModelPhase.Collecting, Content: { HasAllChunks: true, Problem: null } content }:
                yield return new Duty.CheckContent(content.Generation);
                break;
            case { Phase: ModelPhase.Gone }:
                yield return new Duty.Purge();
                break;
        }
    }

    // A node that said it has the model and does not serve it is told again: saying so costs it nothing.
    private static IEnumerable<Duty> Loads(ModelState state, ModelContext context) =>
        from node in state.Plan.Nodes.Values
        where state.Phase == ModelPhase.Registered && !node.IsIdle
        let facts = context.Find(node.NodeId)
        where facts is not null && (node.Status == NodeDeploymentStatus.Loading || !facts.Serves)
        // What another process had is not to come back by itself then: the reconciliation says so.
        where context.Limits.RedeploysByItself || node.Status == NodeDeploymentStatus.Loading
            || facts.Incarnation == node.Incarnation
        select new Duty.Load(facts, node, TaskFor(state, node.NodeId));

    private static IEnumerable<Duty> Unloads(ModelState state, ModelContext context) =>
        from facts in context.Nodes
        where !state.Plan.Nodes.ContainsKey(facts.NodeId)
        let asked = state.Undeployments.FindLast(u => u.Waiting.Contains(facts.NodeId))
        // Wanted everywhere, a node that has come back enters the plan again; it must not unload meanwhile.
        where asked is not null || (facts.Serves && !state.Plan.ToAll)
        select new Duty.Unload(facts, asked?.PlanVersion ?? UnwantedVersion(state));

    private static IEnumerable<Duty> Rules(ModelState state, ModelContext context) =>
        from node in OwedRules(state, context)
        let facts = context.Find(node)
        where facts is not null
        select new Duty.ApplyRules(facts, state.Rules);

    // Of a model that the journal does not know no plan is left that could be newer.
    private static long UnwantedVersion(ModelState state) =>
        state.Phase == ModelPhase.Unknown ? long.MaxValue : state.Plan.Version;

    private static TaskId? TaskFor(ModelState state, NodeId node) => state.Tasks.Values
        .Where(t => !t.IsDecided && t.Nodes.Contains(node))
        .Select(t => (TaskId?)t.TaskId)
        .FirstOrDefault();
}
