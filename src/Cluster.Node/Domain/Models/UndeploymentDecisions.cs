using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>Taking a model off nodes.</summary>
internal static class UndeploymentDecisions
{
    public static ModelDecision Undeploy(ModelState state, UndeployModel command, ModelContext context)
    {
        var answer = new Answer.WhenUndeployed(command.CommandId);
        if (state.Undeployments.Exists(u => u.CommandId == command.CommandId))
        {
            return new ModelDecision(answer, []);
        }

        if (!state.Exists)
        {
            return ModelDecisions.NotFound(command.ModelId);
        }

        var targets = Targets(state, command, context);
        if (targets.Count == 0 && (command.NodeIds.Count > 0 || !state.Plan.WantsAnything))
        {
            return ModelDecision.Reject(command.ModelId, ErrorCode.IllegalArgument, "no eligible node found");
        }

        var requested = new UndeploymentRequested(
            command.ModelId, command.CommandId, state.Plan.Version + 1, targets, command.Dialect, context.Now);
        return new ModelDecision(answer, [requested, .. Absent(state, command, targets, context)]);
    }

    /// <summary>A node's word: what it gave up under one plan, it does not have for those before it either.</summary>
    /// <remarks>Told twice to unload, a node answers the later command alone.</remarks>
    public static ModelDecision Unloaded(
        ModelState state, ModelId model, NodeId node, (long PlanVersion, bool WasLoaded) word, ModelContext context)
    {
        var waiting = state.Undeployments.Where(u => u.PlanVersion <= word.PlanVersion && u.Waiting.Contains(node));
        return ModelDecision.Silent(
            [.. waiting.Select(u => new NodeUndeployed(model, u.CommandId, node, word.WasLoaded, context.Now))]);
    }

    /// <summary>Nodes that have not answered in time, or are away: the rest is cleared up without the caller.</summary>
    public static ModelDecision GiveUp(ModelState state, ModelId model, CommandId command, ModelContext context)
    {
        var waiting = state.Undeployments.Where(u => u.CommandId == command).SelectMany(u => u.Waiting);
        return ModelDecision.Silent(
        [
            .. waiting.Select(n => new NodeUndeployed(
                model, command, n, WasLoaded: context.Find(n) is { Serves: true }, context.Now)),
        ]);
    }

    /// <summary>The answer, when every asked node has spoken.</summary>
    public static ModelUndeployed? AnswerOf(ModelState state, ModelId model, CommandId command) =>
        state.Undeployments.Find(u => u.CommandId == command) is { IsDone: true } done
            ? new ModelUndeployed(model, done.Results.ToDictionary(r => r.Key.Value, r => r.Value), done.Dialect)
            : null;

    /// <summary>Named node ids that are neither there nor in the plan: dropped, worth a line in the log.</summary>
    public static IEnumerable<string> Unknown(ModelState state, UndeployModel command, ModelContext context) =>
        DeploymentDecisions.Unknown(command.NodeIds, context)
            .Where(id => !state.Plan.Nodes.ContainsKey(new NodeId(id)));

    // Unknown ids are dropped (contract 1.5); a wanted node that is away can still be taken out of the plan.
    private static List<NodeId> Targets(ModelState state, UndeployModel command, ModelContext context) =>
    [
        .. context.Nodes.Select(n => n.NodeId)
            .Union(state.Plan.Nodes.Keys)
            .Where(n => command.NodeIds.Count == 0 || command.NodeIds.Contains(n.Value, StringComparer.Ordinal))
            .OrderBy(n => n.Value, StringComparer.Ordinal),
    ];

    private static IEnumerable<NodeUndeployed> Absent(
        ModelState state, UndeployModel command, List<NodeId> targets, ModelContext context) =>
        from node in targets
        where state.Phase != ModelPhase.Registered || context.Find(node) is null
        select new NodeUndeployed(command.ModelId, command.CommandId, node, WasLoaded: false, context.Now);
}
