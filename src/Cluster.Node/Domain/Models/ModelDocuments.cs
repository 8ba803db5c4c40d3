using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>What others see of a state.</summary>
internal static class ModelDocuments
{
    /// <summary>Null: there is no document.</summary>
    public static ModelDocument? Of(ModelId id, ModelState state) =>
        state is { Exists: true, Spec: { } spec }
            ? new ModelDocument(
                id,
                spec,
                ModelStatusRule.Of(state),
                state.Dialect,
                state.Version,
                ContentOf(state.Content),
                state.Times,
                state.Plan.ToAll,
                NodesOf(state))
            {
                IsControllerEnabled = state.Updates.Controller is { } controller ? controller.Users is not null : null,
            }
            : null;

    /// <summary>Null: it is wanted nowhere.</summary>
    public static ModelDeployment? DeploymentOf(ModelId id, ModelState state) =>
        state is { Exists: true, Spec: { } spec, Plan.WantsAnything: true }
            ? new ModelDeployment(
                id, spec.FunctionName, ModelStatusRule.Of(state), state.Plan.ToAll, NodesOf(state))
            : null;

    private static ModelContent ContentOf(ContentState content) =>
        new(content.SizeBytes, content.Sha256, content.TotalChunks, content.Chunks.Count)
        {
            Problem = content.Problem is { } problem ? ContentRules.WithCure(problem) : null,
        };

    private static List<NodeDeployment> NodesOf(ModelState state) =>
    [
        .. state.Plan.Nodes.Values
            .OrderBy(n => n.NodeId.Value, StringComparer.Ordinal)
            .Select(n => new NodeDeployment(n.NodeId, n.Status, n.Error)),
    ];
}
