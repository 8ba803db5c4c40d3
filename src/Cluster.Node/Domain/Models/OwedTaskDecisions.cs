using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Domain.Models;

/// <summary>What becomes of a model when a task ended without it, by its own deadline.</summary>
internal static class OwedTaskDecisions
{
    /// <summary>The task said what it is.</summary>
    public static ModelDecision Told(ModelState state, ModelId model, TaskDocument task, ModelContext context)
    {
        if (task.Status != TaskStatus.Failed
            || !state.Tasks.TryGetValue(task.TaskId, out var owed)
            || owed.IsDecided)
        {
            return ModelDecision.Nothing;
        }

        var reason = task.Error ?? "its task failed";
        return owed.Type == TaskType.RegisterModel
            ? RegistrationDecisions.Fail(state, model, reason, context)
            : ModelDecision.Silent([.. GivenUp(owed, model, reason, context)]);
    }

    // They stay wanted, as after a failure of their own: a node that serves after all is told as such.
    private static IEnumerable<IModelEvent> GivenUp(
        OwedTask task, ModelId model, string reason, ModelContext context) =>
        from node in task.Nodes
        where !task.Outcomes.ContainsKey(node)
        let incarnation = context.Find(node)?.Incarnation ?? 0
        select new NodeDeploymentReported(
            model, node, incarnation, NodeDeploymentStatus.Failed, reason, context.Now);
}
