using MlCluster.Messages.Models;

namespace MlCluster.Messages.Deployments;

/// <summary>Asks the DeploymentSupervisor what is wanted where. Answer: <see cref="DeploymentsReply"/>.</summary>
public sealed record GetDeployments : IClusterProtocol;

/// <summary>Every model that is wanted somewhere, as of about a second ago.</summary>
/// <param name="Complete">
/// False while the journal cannot be read, or is still being read after the supervisor's start.
/// </param>
/// <param name="ClusterUuid">The cluster's own id, made once and kept in the journal; empty while it is not
/// known.</param>
public sealed record DeploymentsReply(bool Complete, IReadOnlyList<ModelDeployment> Models, string ClusterUuid = "")
    : IClusterProtocol;

/// <summary>One wanted model.</summary>
/// <param name="FunctionName">Upper case, such as <c>TEXT_EMBEDDING</c>.</param>
/// <param name="ToAllNodes">True: every eligible node, now and later.</param>
/// <param name="Nodes">The nodes of the plan; may be empty while no node is there.</param>
public sealed record ModelDeployment(
    ModelId ModelId,
    string FunctionName,
    ModelStatus Status,
    bool ToAllNodes,
    IReadOnlyList<NodeDeployment> Nodes);
