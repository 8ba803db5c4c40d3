using Akka.Configuration;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>A database that a spec runs on, made for one test.</summary>
public interface ITestDatabase : IDisposable
{
    /// <summary>A node's configuration on it.</summary>
    Config Config { get; }

    /// <summary>Bytes of chunks that it holds for a model.</summary>
    long ChunkBytes(string modelId);

    /// <summary>Rows of an entity in the metadata journal.</summary>
    long JournalRows(string persistenceId);
}
