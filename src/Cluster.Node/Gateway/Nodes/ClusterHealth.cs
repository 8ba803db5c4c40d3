using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Health of the cluster in the words of <c>_cluster/health</c> (contract 18).</summary>
/// <remarks>Where OpenSearch counts shards, replicas of deployed models are counted; a model is a "primary".</remarks>
internal sealed record ClusterHealth(
    HealthStatus Status,
    int Nodes,
    int DataNodes,
    bool HasSupervisor,
    int ServedModels,
    int ServingReplicas,
    int LoadingReplicas,
    int FailedReplicas)
{
    /// <summary>Share of wanted replicas that serve.</summary>
    public double ActivePercent => ServingReplicas + LoadingReplicas + FailedReplicas is > 0 and var wanted
        ? 100.0 * ServingReplicas / wanted
        : 100.0;

    /// <summary>Judges.</summary>
    /// <param name="deployments">Null: the supervisor does not answer.</param>
    public static ClusterHealth Of(ClusterView view, DeploymentsReply? deployments)
    {
        var models = deployments?.Models ?? [];
        var dataNodes = view.Nodes.Values.Count(n => NodeRoles.HasRole(n, NodeRole.Data));
        return new ClusterHealth(
            dataNodes > 0 && deployments is { Complete: true } ? StatusOf(models) : HealthStatus.Red,
            view.Nodes.Count,
            dataNodes,
            view.Supervisor is not null,
            models.Count(m => Count(m, NodeDeploymentStatus.Loaded) > 0),
            models.Sum(m => Count(m, NodeDeploymentStatus.Loaded)),
            models.Sum(m => m.Nodes.Count(n => n is { Status: NodeDeploymentStatus.Loading, IsHeldUp: false })),
            models.Sum(m => m.Nodes.Count(n => n.IsHeldUp || n.Status == NodeDeploymentStatus.Failed)));
    }

    private static HealthStatus StatusOf(IReadOnlyList<ModelDeployment> models) =>
        models.Select(StatusOf).DefaultIfEmpty(HealthStatus.Green).Max();

    private static HealthStatus StatusOf(ModelDeployment model) => Count(model, NodeDeploymentStatus.Loaded) switch
    {
        0 => HealthStatus.Red,
        var loaded when loaded < model.Nodes.Count => HealthStatus.Yellow,
        _ => HealthStatus.Green,
    };

    private static int Count(ModelDeployment model, NodeDeploymentStatus status) =>
        model.Nodes.Count(n => n.Status == status);
}

/// <summary>Colours, the better the smaller.</summary>
internal enum HealthStatus
{
    Green = 0,
    Yellow = 1,
    Red = 2,
}
