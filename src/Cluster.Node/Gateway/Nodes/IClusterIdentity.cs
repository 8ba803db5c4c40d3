namespace MlCluster.Node.Gateway.Nodes;

/// <summary>The cluster's own id: made once, kept in the journal.</summary>
internal interface IClusterIdentity
{
    /// <summary>22 characters; <c>_na_</c> while it cannot be told.</summary>
    ValueTask<string> GetUuidAsync(CancellationToken cancellationToken);
}
