using Akka.Configuration;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>A database that a spec runs on, made for one test.</summary>
public interface ITestDatabase : IDisposable
{
    /// <summary>A node's configuration on it.</summary>
    Config Config { get; }

    /// <summary>The database under the plugins.</summary>
    internal JournalDatabase Server { get; }

    /// <summary>Bytes of chunks that it holds for a model.</summary>
    long ChunkBytes(string modelId);

    /// <summary>Rows of an entity in the metadata journal.</summary>
    long JournalRows(string persistenceId);

    /// <summary>All that the tables of the metadata journal have of it, rows marked deleted and tags included.</summary>
    long Traces(string persistenceId);

    /// <summary>Moves the events of an entity into the past.</summary>
    void MakeOlder(string persistenceId, TimeSpan age);

    /// <summary>Makes the second event of an entity that of another process.</summary>
    void GiveToAnotherWriter(string persistenceId);

    /// <summary>Takes the chunk journal its table: nothing can be written to it any more.</summary>
    void LoseChunks();

    /// <summary>Rows of a model in the chunk journal.</summary>
    long ChunkRows(string modelId);
}
