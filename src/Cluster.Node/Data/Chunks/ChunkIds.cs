using MlCluster.Messages;

namespace MlCluster.Node.Data.Chunks;

/// <summary>Names in the chunk journal.</summary>
internal static class ChunkIds
{
    /// <summary>Config path of the write plugin.</summary>
    public const string Journal = "akka.persistence.journal.chunks";

    private const string ModelPrefix = "model-";

    public static string Of(ModelId model) => $"chunks-{model}";

    /// <summary>Name of a model's chunks by the name of its events; null: not of a model.</summary>
    public static string? OfModel(string persistenceId) =>
        persistenceId.StartsWith(ModelPrefix, StringComparison.Ordinal)
            ? Of(new ModelId(persistenceId[ModelPrefix.Length..]))
            : null;
}
