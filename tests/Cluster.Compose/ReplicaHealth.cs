namespace MlCluster.Compose;

/// <summary>What a replica's health check says.</summary>
public enum ReplicaHealth
{
    /// <summary>It does not run.</summary>
    Down,

    /// <summary>It runs and has not been healthy yet.</summary>
    Starting,

    /// <summary>Its last check passed.</summary>
    Healthy,

    /// <summary>So many checks in a row failed.</summary>
    Unhealthy,
}
