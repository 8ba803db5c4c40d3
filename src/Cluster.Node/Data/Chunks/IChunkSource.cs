using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>Gives the bytes of stored chunks: one chunk in memory a call, never over the cluster's links.</summary>
internal interface IChunkSource
{
    /// <summary>Reads one chunk and checks its length and hash.</summary>
    /// <exception cref="ChunkUnavailableException">It is not there, or not what it must be.</exception>
    Task<byte[]> ReadAsync(ModelId model, ChunkRef chunk, CancellationToken cancellationToken);
}

/// <summary>A chunk that the manifest names cannot be had.</summary>
internal sealed class ChunkUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
