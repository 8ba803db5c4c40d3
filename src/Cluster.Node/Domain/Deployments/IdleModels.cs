using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Domain.Deployments;

/// <summary>Finds models that nobody has used for as long as their <c>model_ttl_minutes</c> (contract 11.8).</summary>
internal static class IdleModels
{
    private const long MillisecondsPerMinute = 60_000;

    /// <summary>Nodes that serve models which have such a time, and these models.</summary>
    public static IEnumerable<(NodeDeployments Node, IReadOnlyList<ModelId> Models)> ToAsk(
        DeploymentBook book, ClusterView view) =>
        from node in view.Nodes.Values
        let models = node.Models.Select(m => m.ModelId).Where(m => TtlOf(book, m) is not null).ToArray()
        where models.Length > 0
        select (node, (IReadOnlyList<ModelId>)models);

    /// <summary>Models whose time is over on every node that serves them.</summary>
    /// <param name="answers">What nodes said; a node that said nothing may be in use.</param>
    public static IEnumerable<ModelId> Expired(
        DeploymentBook book, ClusterView view, IReadOnlyDictionary<NodeId, NodeProfileReply> answers) =>
        from model in view.Nodes.Values.SelectMany(n => n.Models).Select(m => m.ModelId).Distinct()
        let ttl = TtlOf(book, model)
        let replicas = view.ReplicasOf(model)
        where ttl is not null && replicas.Count > 0
            && replicas.All(r => IdleMinutes(answers.GetValueOrDefault(r.Node.NodeId), model) >= ttl)
        select model;

    private static long? IdleMinutes(NodeProfileReply? answer, ModelId model) =>
        answer?.Models.FirstOrDefault(m => m.ModelId == model)?.IdleMilliseconds / MillisecondsPerMinute;

    // Null: it stays. What is being loaded is waited for by somebody.
    private static long? TtlOf(DeploymentBook book, ModelId model) =>
        book.Models.GetValueOrDefault(model) is { Spec.DeploySetting.ModelTtlMinutes: >= 0 and var ttl } state
        && ModelStatusRule.Of(state) is ModelStatus.Deployed or ModelStatus.PartiallyDeployed
            ? ttl
            : null;
}
