namespace MlCluster.Node.Data.Chunks;

/// <summary>The chunk journal did not take a chunk: nothing is wrong with it, and it may be taken later.</summary>
internal sealed class ChunkUnwrittenException(string message) : IOException(message);
