using Akka.Configuration;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>
/// How a PostgreSQL server is used (<c>mlcluster.database</c>, see <c>hocon/persistence.postgresql.hocon</c>).
/// </summary>
/// <param name="StartTimeout">A node that starts waits so long for the server.</param>
/// <param name="ConnectTimeout">Longest wait for one connection.</param>
/// <param name="StalledWriterTimeout">The server ends a transaction whose node is silent for so long.</param>
/// <param name="JournalPool">Most connections of a node to metadata.</param>
/// <param name="ChunkPool">Most connections of a node to chunks.</param>
internal sealed record PostgresSettings(
    TimeSpan StartTimeout,
    TimeSpan ConnectTimeout,
    TimeSpan StalledWriterTimeout,
    int JournalPool,
    int ChunkPool)
{
    public static PostgresSettings FromConfig(Config root)
    {
        var config = root.GetConfig("mlcluster.database");
        return new PostgresSettings(
            config.GetTimeSpan("start-timeout"),
            config.GetTimeSpan("connect-timeout"),
            config.GetTimeSpan("stalled-writer-timeout"),
            config.GetInt("journal-pool"),
            config.GetInt("chunk-pool"));
    }
}
