using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>One word for a model, from the facts (contract 10.4).</summary>
internal static class ModelStatusRule
{
    public static ModelStatus Of(ModelState state)
    {
        if (state.Phase != ModelPhase.Registered)
        {
            return ModelStatus.Registering;
        }

        return state.Plan.WantsAnything ? OfPlan(state) : OfNoPlan(state);
    }

    private static ModelStatus OfNoPlan(ModelState state) =>
        state.Times.LastUndeployed is null ? ModelStatus.Registered : ModelStatus.Undeployed;

    private static ModelStatus OfPlan(ModelState state)
    {
        var nodes = state.Plan.Nodes.Values;
        var loaded = nodes.Count(n => n.Status == NodeDeploymentStatus.Loaded);
        var idle = nodes.Count(n => n.IsIdle);
        var total = state.Plan.Nodes.Count;
        if (total > 0 && loaded == total)
        {
            return ModelStatus.Deployed;
        }

        // Nothing is on its way: each node failed, has left or has no room; or all are wanted and none is there.
        if (idle == total)
        {
            return ModelStatus.DeployFailed;
        }

        // A deployment that is under way is told as such until each of its nodes has spoken.
        return loaded == 0 || state.Tasks.Values.Any(t => !t.IsDecided)
            ? ModelStatus.Deploying
            : ModelStatus.PartiallyDeployed;
    }
}
