namespace MlCluster.Messages.Models;

/// <summary>States of a model in today's words (contract 10.4); the numbers are part of the wire format.</summary>
public enum ModelStatus
{
    Registering = 1,
    Registered = 2,
    Deploying = 3,
    Deployed = 4,
    PartiallyDeployed = 5,
    Undeployed = 6,
    DeployFailed = 7,
}

/// <summary>What one node is to a model.</summary>
public enum NodeDeploymentStatus
{
    /// <summary>Wanted there; not confirmed yet. With an error it is held up: nothing is loaded, and it goes on by
    /// itself.</summary>
    Loading = 1,

    /// <summary>Serving.</summary>
    Loaded = 2,

    /// <summary>Given up after retries, until someone deploys again.</summary>
    Failed = 3,
}
