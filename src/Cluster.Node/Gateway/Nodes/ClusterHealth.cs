using System.Runtime.InteropServices;
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
        var replicas = (deployments?.Models ?? []).Select(m => Replicas.Of(m, view)).ToList();
        var dataNodes = view.Nodes.Values.Count(n => NodeRoles.HasRole(n, NodeRole.Data));
        return new ClusterHealth(
            dataNodes > 0 && deployments is { Complete: true }
                ? replicas.Select(r => r.Status).DefaultIfEmpty(HealthStatus.Green).Max()
                : HealthStatus.Red,
            view.Nodes.Count,
            dataNodes,
            view.Supervisor is not null,
            replicas.Count(r => r.Serving > 0),
            replicas.Sum(r => r.Serving),
            replicas.Sum(r => r.Loading),
            replicas.Sum(r => r.Failed));
    }

    /// <summary>The wanted replicas of one model.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Replicas(int Serving, int Loading, int Failed)
    {
        public HealthStatus Status => this switch
        {
            { Serving: 0 } => HealthStatus.Red,
            { Loading: 0, Failed: 0 } => HealthStatus.Green,
            _ => HealthStatus.Yellow,
        };

        // After a restart the journal still says that a node has the model: the node itself knows better.
        public static Replicas Of(ModelDeployment model, ClusterView view)
        {
            var servedBy = view.ReplicasOf(model.ModelId).Select(r => r.Node.NodeId).ToHashSet();
            var failed = model.Nodes.Count(n => n.IsHeldUp || n.Status == NodeDeploymentStatus.Failed);
            var serving = model.Nodes.Count(
                n => n.Status == NodeDeploymentStatus.Loaded && servedBy.Contains(n.NodeId));
            return new Replicas(serving, model.Nodes.Count - serving - failed, failed);
        }
    }
}

/// <summary>Colours, the better the smaller.</summary>
internal enum HealthStatus
{
    Green = 0,
    Yellow = 1,
    Red = 2,
}
