namespace MlCluster.Integration.Tests.Support;

/// <summary>Where a node runs.</summary>
/// <param name="Command">What the node's own command is put behind; empty: nothing.</param>
/// <param name="ClusterHost">Address that other nodes call.</param>
/// <param name="HttpHost">Address that clients call.</param>
public sealed record NodePlace(IReadOnlyList<string> Command, string ClusterHost, string HttpHost);
