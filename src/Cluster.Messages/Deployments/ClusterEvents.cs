namespace MlCluster.Messages.Deployments;

/// <summary>The cluster was given its own id, once for all.</summary>
/// <param name="Uuid">22 characters of base64url.</param>
/// <param name="Time">Epoch milliseconds.</param>
public sealed record ClusterNamed(string Uuid, long Time) : IPersistedEvent;
