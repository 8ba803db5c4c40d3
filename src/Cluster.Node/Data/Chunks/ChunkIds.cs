using MlCluster.Messages;

namespace MlCluster.Node.Data.Chunks;

/// <summary>Names in the chunk journal.</summary>
internal static class ChunkIds
{
    /// <summary>Config path of the write plugin.</summary>
    public const string Journal = "akka.persistence.journal.chunks";

    public static string Of(ModelId model) => $"chunks-{model}";
}
