using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Domain.Models;

/// <summary>How events change where the model is wanted and what is there.</summary>
internal static class PlanFold
{
    /// <summary>A part of a deployment that ended because its node went away.</summary>
    public const string NodeLeft = "node left the cluster before the model was loaded";

    private const string TakenOff = "the model was undeployed before it was loaded";
    private const int RememberedUndeployments = 8;

    public static ModelState Apply(ModelState state, IModelEvent e) => e switch
    {
        DeploymentRequested requested => Requested(state, requested),
        DeploymentRefused refused => Refused(state, refused),
        DeploymentPlanChanged changed => PlanChanged(state, changed),
        NodeDeploymentReported reported => Reported(state, reported),
        NodeDeploymentLost lost => Lost(state, lost),
        UndeploymentRequested requested => UndeployRequested(state, requested),
        NodeUndeployed undeployed => Undeployed(state, undeployed),
        _ => throw new ArgumentException($"{e.GetType().Name} is not an event of models.", nameof(e)),
    };

    private static ModelState Requested(ModelState state, DeploymentRequested e)
    {
        var task = OwedTask.Start(e.TaskId, TaskType.DeployModel, e.Dialect, e.Nodes);
        var plan = state.Plan with
        {
            Version = e.PlanVersion,
            ToAll = state.Plan.ToAll || e.ToAll,
            WantedSince = state.Plan.WantsAnything ? state.Plan.WantedSince : e.Time,
        };
        foreach (var id in e.Nodes)
        {
            var node = plan.Nodes.GetValueOrDefault(id);
            task = node?.Status == NodeDeploymentStatus.Loaded ? task.NodeEnded(id, null) : task;
            plan = node is null or { IsIdle: true }
                ? plan.With(PlannedNode.Asked(id, e.PlanVersion))
                : plan;
        }

        return state with { Plan = plan, Dialect = e.Dialect, Tasks = state.Tasks.SetItem(e.TaskId, task) };
    }

    private static ModelState Refused(ModelState state, DeploymentRefused e)
    {
        var task = OwedTask.Start(e.TaskId, TaskType.DeployModel, e.Dialect, e.Nodes);
        return state with
        {
            Dialect = e.Dialect,
            Tasks = state.Tasks.SetItem(e.TaskId, task with { Finished = true, Error = e.Reason }),
        };
    }

    private static ModelState PlanChanged(ModelState state, DeploymentPlanChanged e)
    {
        var nodes = state.Plan.Nodes
            .RemoveRange(e.Removed)
            .SetItems(e.Added.Select(n => KeyValuePair.Create(n, AskedAgain(state, n, e.PlanVersion))));
        var changed = state with { Plan = state.Plan with { Version = e.PlanVersion, Nodes = nodes } };
        return e.Removed.Aggregate(changed, (s, n) => TaskFold.NodeEnded(s, n, NodeLeft));
    }

    private static PlannedNode AskedAgain(ModelState state, NodeId node, long version) =>
        PlannedNode.Asked(node, version) with { HeldUp = state.Plan.Nodes.GetValueOrDefault(node)?.HeldUp };

    private static ModelState Reported(ModelState state, NodeDeploymentReported e)
    {
        if (!state.Plan.Nodes.TryGetValue(e.NodeId, out var node))
        {
            return state;
        }

        var changed = state with
        {
            Plan = state.Plan.With(node with
            {
                Status = e.Status, Incarnation = e.Incarnation, Error = e.Error, HeldUp = HeldUp(node, e),
            }),
            Content = state.Content with { ModelBytes = e.ModelBytes ?? state.Content.ModelBytes },
            Times = e.Status == NodeDeploymentStatus.Loaded ? state.Times with { LastDeployed = e.Time } : state.Times,
        };
        return e is { Status: NodeDeploymentStatus.Loading, Error: null }
            ? changed
            : TaskFold.NodeEnded(changed, e.NodeId, e.Error);
    }

    private static HeldUpSpan? HeldUp(PlannedNode node, NodeDeploymentReported e) =>
        NodeDeployment.HoldsUp(e.Status, e.Error) ? new HeldUpSpan(node.HeldUp?.First ?? e.Time, e.Time) : null;

    private static ModelState Lost(ModelState state, NodeDeploymentLost e)
    {
        if (!state.Plan.Nodes.TryGetValue(e.NodeId, out var node))
        {
            return state;
        }

        var changed = state with
        {
            Plan = state.Plan.With(node with
            {
                Status = NodeDeploymentStatus.Loading,
                Incarnation = 0,
                Error = e.Left ? PlannedNode.Gone : null,
                HeldUp = null,
            }),
        };
        return e.Left ? TaskFold.NodeEnded(changed, e.NodeId, NodeLeft) : changed;
    }

    private static ModelState UndeployRequested(ModelState state, UndeploymentRequested e)
    {
        var asked = new Undeployment(
            e.CommandId, e.PlanVersion, e.Dialect, e.Nodes, ImmutableDictionary<NodeId, bool>.Empty);
        var changed = state with
        {
            Dialect = e.Dialect,
            Plan = WithoutNodes(state.Plan, e),
            Times = state.Times with { LastUndeployed = e.Time },
            Undeployments = Remember(state.Undeployments.Add(asked)),
        };
        return e.Nodes.Aggregate(changed, (s, n) => TaskFold.NodeEnded(s, n, TakenOff));
    }

    private static DeploymentPlan WithoutNodes(DeploymentPlan plan, UndeploymentRequested e)
    {
        var left = plan with { Version = e.PlanVersion, ToAll = false, Nodes = plan.Nodes.RemoveRange(e.Nodes) };
        return left.WantsAnything ? left : left with { WantedSince = 0 };
    }

    private static ModelState Undeployed(ModelState state, NodeUndeployed e)
    {
        var at = state.Undeployments.FindIndex(u => u.CommandId == e.CommandId);
        if (at < 0)
        {
            return state;
        }

        var asked = state.Undeployments[at];
        return state with
        {
            Undeployments = state.Undeployments.SetItem(
                at, asked with { Results = asked.Results.SetItem(e.NodeId, e.WasLoaded) }),
        };
    }

    // Somebody waits for one that is not done.
    private static ImmutableList<Undeployment> Remember(ImmutableList<Undeployment> all) =>
        all.Count > RememberedUndeployments && all.FindIndex(u => u.IsDone) is >= 0 and var oldest
            ? all.RemoveAt(oldest)
            : all;
}
