using Akka.Configuration;
using Microsoft.Data.Sqlite;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>SQLite files, with the configuration that a node has.</summary>
internal sealed class SqliteDatabase : ITestDatabase
{
    private readonly NodeOptions _options =
        new() { DataDirectory = Directory.CreateTempSubdirectory("mlcluster-test-").FullName };

    public SqliteDatabase()
    {
        SqliteSetup.Prepare(_options);
        Config = ConfigurationFactory.ParseString(
            $$"""
            akka.loglevel = WARNING
            akka.actor.serializers.mlcluster = "{{typeof(ClusterProtocolSerializer).FullName}}, Cluster.Messages"
            akka.actor.serialization-bindings."MlCluster.Messages.IClusterProtocol, Cluster.Messages" = mlcluster
            """).WithFallback(HoconFiles.Load(_options));
    }

    public Config Config { get; }

    public long ChunkBytes(string modelId) => Query(
        SqliteSetup.ConnectionStrings(_options).Chunks,
        "SELECT coalesce(sum(length(message)), 0) FROM model_chunk WHERE persistence_id = $id",
        $"chunks-{modelId}");

    public long JournalRows(string persistenceId) => Query(
        SqliteSetup.ConnectionStrings(_options).Journal,
        "SELECT count(*) FROM journal WHERE persistence_id = $id AND deleted = 0",
        persistenceId);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_options.DataDirectory, recursive: true);
    }

    private static long Query(string connectionString, string sql, string id)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var exists = connection.CreateCommand();
        exists.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('journal', 'model_chunk')";
        if ((long)exists.ExecuteScalar()! == 0)
        {
            return 0;
        }

        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", id);
        return (long)command.ExecuteScalar()!;
    }
}
