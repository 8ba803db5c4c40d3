namespace MlCluster.Node.Data.Chunks;

/// <summary>The chunk journal did not take a chunk: nothing is wrong with the chunk, and it may take it later.</summary>
internal sealed class ChunkUnwrittenException(string message) : IOException(message);
