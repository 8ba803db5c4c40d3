using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>Keeps a node out of a cluster whose journals it cannot see.</summary>
internal static class SharedDatabase
{
    /// <summary>
    /// Whoever joins others needs their database. The one in the data folder is never theirs, as one process holds the
    /// folder: shards that move to such a node would recover from an empty journal, and models that were acknowledged
    /// be gone.
    /// </summary>
    /// <exception cref="StartupException">The node would use one of its own.</exception>
    public static void Ensure(NodeOptions options)
    {
        var usesJournals = options.HasRole(NodeRole.Data) || options.HasRole(NodeRole.Ml);
        if (usesJournals
            && options.Database == DatabaseAddress.DataFolder
            && options.OtherSeeds.FirstOrDefault() is { } seed)
        {
            throw new StartupException(
                $"--seeds names [{seed}] and there is no --db: data and ml nodes of a cluster share one database, "
                + "which cannot be in this node's data folder; give that of the cluster with --db or MLCLUSTER_DB");
        }
    }
}
