using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Domain.Models;

/// <summary>Where a model is wanted, and what nodes say of it.</summary>
internal static class DeploymentDecisions
{
    private const string NoNode = "no eligible node found";

    /// <summary>OpenSearch's text when the cluster has no node for models.</summary>
    private const string NoMlNode =
        "No eligible node found to execute this request. It's best practice to provision ML nodes to serve your "
        + "models: start a node with role ml.";

    private const string AllExcluded = " The names of all that there are stand in plugins.ml_commons.exclude_nodes._name.";

    public static ModelDecision Deploy(ModelState state, DeployModel command, ModelContext context)
    {
        var accepted = new Answer.WhenTaskExists(command.TaskId);
        if (state.KnowsTask(command.TaskId))
        {
            return new ModelDecision(accepted, []);
        }

        if (!state.Exists)
        {
            return ModelDecisions.NotFound(command.ModelId);
        }

        var targets = Targets(command.NodeIds, context);
        if (WhyNoTarget(command, targets, context) is { } refusal)
        {
            return refusal;
        }

        return ModelDecisions.DiskRefusal(command.ModelId, context)
            ?? new ModelDecision(accepted, Request(state, command, targets, context));
    }

    /// <summary>Wanted node ids that name no eligible node: dropped, worth a line in the log (contract 18).</summary>
    public static IEnumerable<string> Unknown(IReadOnlyList<string> wanted, ModelContext context) =>
        wanted.Where(id => context.Nodes.All(n => n.NodeId.Value != id));

    /// <summary>The deployment that was asked for with the registration.</summary>
    public static IReadOnlyList<IModelEvent> Automatic(
        ModelState state, ModelId model, AutoDeploy deploy, ModelContext context)
    {
        var command = new DeployModel(model, deploy.TaskId, deploy.NodeIds, state.Dialect);
        var targets = Targets(deploy.NodeIds, context);
        return targets.Count > 0
            ? Request(state, command, targets, context)
            : [new DeploymentRefused(model, deploy.TaskId, [], WhyNobody(context), state.Dialect, context.Now)];
    }

    public static ModelDecision Report(ModelState state, ReportNodeDeployment report, ModelContext context)
    {
        var acknowledged = new NodeReportAcknowledged(
            report.ModelId, report.NodeId, report.PlanVersion, report.Status);
        var node = state.Plan.Nodes.GetValueOrDefault(report.NodeId);
        var status = report.NoRoom
            ? WithoutRoom(state.Plan.ToAll || !state.IsAwaited(report.NodeId))
            : report.Status;
        if (node is null || report.PlanVersion < node.Since || SaysNothingNew(node, report, status))
        {
            return ModelDecision.Reply(acknowledged);
        }

        return ModelDecision.Reply(
            acknowledged,
            new NodeDeploymentReported(
                report.ModelId, report.NodeId, report.Incarnation, status, report.Error, context.Now)
            {
                ModelBytes = report.ModelBytes,
            });
    }

    // Whoever named the node is told and decides. What is wanted everywhere, or was there before the node restarted,
    // waits there until there is room.
    private static NodeDeploymentStatus WithoutRoom(bool mayWait) =>
        mayWait ? NodeDeploymentStatus.Loading : NodeDeploymentStatus.Failed;

    // Loading is what a wanted node is anyway; only a node that was loaded loses something by saying so. One that was
    // given up may still be at it, or its word was late.
    private static bool SaysNothingNew(
        PlannedNode node, ReportNodeDeployment report, NodeDeploymentStatus status) =>
        report.Status == NodeDeploymentStatus.Loading
            ? node.Status != NodeDeploymentStatus.Loaded
            : report.Incarnation == node.Incarnation && report.Error == node.Error
                && (status == node.Status || node.Status == NodeDeploymentStatus.Failed);

    // What is named and only out of reach must not be left out in silence: it is not the client's mistake.
    private static ModelDecision? WhyNoTarget(DeployModel command, List<NodeId> targets, ModelContext context)
    {
        var named = command.NodeIds.Count > 0;
        var away = context.Unreachable.Where(n => !named || command.NodeIds.Contains(n.Value)).ToList();
        if (away.Count > 0 && (named || targets.Count == 0))
        {
            return ModelDecision.Reject(
                command.ModelId, ErrorCode.Unavailable, $"{NoNode}: {string.Join(", ", away)} out of reach "
                + "(ended, or the network is cut); send the request again later");
        }

        return targets.Count > 0
            ? null
            : ModelDecision.Reject(command.ModelId, ErrorCode.IllegalArgument, WhyNobody(context));
    }

    // As in OpenSearch, an excluded node is none that the cluster could give a model to.
    private static string WhyNobody(ModelContext context) => context switch
    {
        { Nodes.Count: 0 } => NoMlNode,
        _ when Targets([], context).Count == 0 => NoMlNode + AllExcluded,
        _ => NoNode,
    };

    private static List<NodeId> Targets(IReadOnlyList<string> wanted, ModelContext context) =>
    [
        .. DeploymentPlanner
            .Targets(
                context.Nodes.Select(n => n.Placement),
                wanted.Select(id => new NodeId(id)).ToHashSet(),
                context.Limits.Placement)
            .Select(n => n.NodeId),
    ];

    private static List<IModelEvent> Request(
        ModelState state, DeployModel command, List<NodeId> targets, ModelContext context)
    {
        if (WhyNotReady(state, command.ModelId) is { } reason)
        {
            return [new DeploymentRefused(
                command.ModelId, command.TaskId, targets, reason, command.Dialect, context.Now)];
        }

        return
        [
            .. ReconcileDecisions.NewProcesses(state, command.ModelId, context),
            new DeploymentRequested(
                command.ModelId,
                command.TaskId,
                state.Plan.Version + 1,
                targets,
                command.NodeIds.Count == 0,
                command.Dialect,
                context.Now),
            .. Refused(state, command, targets, context),
        ];
    }

    // A node that has no room is not asked: its part of the task ends at once, with the reason. What is there or on its
    // way has its room.
    private static IEnumerable<IModelEvent> Refused(
        ModelState state, DeployModel command, List<NodeId> targets, ModelContext context) =>
        from refusal in context.Place(state.WantedOn(command.ModelId, targets, context.Now)).Refusals
        let node = refusal.Assignment.Node
        where state.Plan.Nodes.GetValueOrDefault(node) is null or { IsIdle: true }
        select new NodeDeploymentReported(
            command.ModelId,
            node,
            context.Find(node)!.Incarnation,
            WithoutRoom(state.Plan.ToAll || command.NodeIds.Count == 0),
            refusal.Reason,
            context.Now);

    // A complete set that is being checked counts as ready: its verdict decides the task.
    private static string? WhyNotReady(ModelState state, ModelId model) => state switch
    {
        { Phase: ModelPhase.Registered } => null,
        { Phase: ModelPhase.Downloading, Origin: { } origin } =>
            $"the model is still being registered: wait until task {origin.TaskId} is COMPLETED",
        { Content.Problem: { } problem } => ContentRules.WithCure(problem),
        { Content.HasAllChunks: true } => null,
        _ => MissingChunks(state.Content, model),
    };

    private static string MissingChunks(ContentState content, ModelId model)
    {
        var missing = content.MissingChunks.Take(11).ToList();
        var numbers = string.Join(", ", missing.Take(10)) + (missing.Count > 10 ? " …" : "");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Fail to find model chunk {model}_{missing[0]}: {content.Chunks.Count} of {content.TotalChunks} chunks "
            + $"are here, missing: {numbers}");
    }
}
