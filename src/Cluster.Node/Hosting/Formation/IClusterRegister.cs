using MlCluster.Messages;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>
/// Where data nodes that share a database say that they live, so that at most one cluster uses it, whatever becomes of
/// the network between them.
/// </summary>
/// <remarks>Clusters are numbered; every method may throw what the database throws.</remarks>
internal interface IClusterRegister
{
    /// <summary>Addresses of the newest cluster's nodes that have lately said so.</summary>
    /// <param name="self">Does not count: whatever it said, it was another process.</param>
    Task<IReadOnlyList<string>> OthersAliveAsync(NodeId self, CancellationToken cancellationToken);

    /// <summary>The number of the cluster that these are in; null: none has said so yet.</summary>
    Task<long?> EpochOfAsync(IReadOnlyCollection<RegisteredMember> members, CancellationToken cancellationToken);

    /// <summary>Takes the next number for a cluster that has none.</summary>
    /// <param name="self">The process that formed it.</param>
    /// <param name="members">All of it.</param>
    /// <returns>Null: another cluster is alive.</returns>
    Task<long?> FormAsync(
        RegisteredNode self, IReadOnlyCollection<RegisteredMember> members, CancellationToken cancellationToken);

    /// <summary>Says that this process lives.</summary>
    /// <returns>The number of the newest cluster.</returns>
    Task<long> BeatAsync(RegisteredNode self, long epoch, CancellationToken cancellationToken);

    /// <summary>Says that this process has left.</summary>
    Task LeaveAsync(NodeId self, CancellationToken cancellationToken);
}
