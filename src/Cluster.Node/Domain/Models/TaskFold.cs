using System.Collections.Immutable;
using MlCluster.Messages;

namespace MlCluster.Node.Domain.Models;

/// <summary>What a model owes its tasks.</summary>
internal static class TaskFold
{
    // Repeats of a command come within a minute; this is far more than one minute's commands to one model.
    private const int RememberedTasks = 32;

    public static ModelState Finish(ModelState state, TaskId task, string? error) =>
        state.Tasks.TryGetValue(task, out var owed)
            ? state with { Tasks = state.Tasks.SetItem(task, owed.Finish(error)) }
            : state;

    public static ModelState FinishAll(ModelState state, string? error) =>
        state with
        {
            Tasks = state.Tasks.ToImmutableDictionary(t => t.Key, t => t.Value.Finish(error)),
            Plan = DeploymentPlan.Empty with { Version = state.Plan.Version + 1 },
        };

    /// <summary>Tells every task that waits for the node.</summary>
    public static ModelState NodeEnded(ModelState state, NodeId node, string? error) =>
        state with { Tasks = state.Tasks.ToImmutableDictionary(t => t.Key, t => t.Value.NodeEnded(node, error)) };

    public static ModelState Settled(ModelState state, TaskId task) => state with
    {
        Tasks = state.Tasks.Remove(task),
        SettledTasks = Remember(state.SettledTasks.Remove(task).Add(task)),
    };

    private static ImmutableList<TaskId> Remember(ImmutableList<TaskId> tasks) =>
        tasks.Count > RememberedTasks ? tasks.RemoveAt(0) : tasks;
}
