using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>What a model writes down of its own accord, one thing at a time.</summary>
internal static class HousekeepingDecisions
{
    /// <param name="done">A task that knows all there is to know; null: none.</param>
    /// <param name="chunksAreGone">True when the chunk journal has nothing of the model any more.</param>
    /// <param name="overdue">An undeployment whose nodes have had their time; null: none.</param>
    public static ModelDecision Next(
        (ModelState State, ModelId Id) model,
        TaskId? done,
        bool chunksAreGone,
        CommandId? overdue,
        ModelContext context)
    {
        var (state, id) = model;
        if (done is { } task)
        {
            return ModelDecision.Silent(new TaskSettled(id, task, context.Now));
        }

        if (state is { Phase: ModelPhase.Gone, Tasks.Count: 0 } && chunksAreGone)
        {
            return ModelDecision.Silent(
                new ModelPurged(id, state.Origin?.TaskId, state.DeletedBy, state.Version, context.Now));
        }

        if (state.Updates.RulesOwed && !ModelDuties.OwedRules(state, context).Any())
        {
            return ModelDecision.Silent(new ServingRulesSettled(id, state.Updates.RulesVersion, context.Now));
        }

        return overdue is { } command
            ? UndeploymentDecisions.GiveUp(state, id, command, context)
            : ModelDecision.Nothing;
    }
}
