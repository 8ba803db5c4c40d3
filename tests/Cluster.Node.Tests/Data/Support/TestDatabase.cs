using Akka.Configuration;
using Microsoft.Data.Sqlite;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Tests.Support;
using Npgsql;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>An empty database with the configuration that a node has for it, and a look into its tables.</summary>
internal sealed class TestDatabase : ITestDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-test-").FullName;
    private readonly JournalDatabase _database;

    private TestDatabase(DatabaseAddress address)
    {
        var options = new NodeOptions { DataDirectory = _folder, Database = address };
        var config = HoconFiles.Load(options);
        _database = JournalDatabase.Of(options, config);
        Config = ConfigurationFactory.ParseString(
            $$"""
            akka.loglevel = WARNING
            akka.actor.serializers.mlcluster = "{{typeof(ClusterProtocolSerializer).FullName}}, Cluster.Messages"
            akka.actor.serialization-bindings."MlCluster.Messages.IClusterProtocol, Cluster.Messages" = mlcluster
            """).WithFallback(config);
    }

    /// <inheritdoc />
    public Config Config { get; }

    /// <summary>Two files.</summary>
    public static TestDatabase Sqlite() => Prepared(new TestDatabase(DatabaseAddress.DataFolder));

    /// <summary>A database of the server; skips where there is none.</summary>
    public static TestDatabase Postgres(PostgresFixture postgres) =>
        Prepared(new TestDatabase(DatabaseAddress.Parse(postgres.Server.NewDatabase())));

    JournalDatabase ITestDatabase.Server => _database;

    /// <summary>A number out of the metadata journal.</summary>
    public long InJournal(string sql, string id) => Query(_database.Journal, sql, id);

    /// <summary>A number out of the chunk journal.</summary>
    public long InChunks(string sql, string id) => Query(_database.Chunks, sql, id);

    /// <inheritdoc />
    public long ChunkBytes(string modelId) => InChunks(
        "SELECT coalesce(sum(length(message)), 0) FROM model_chunk WHERE persistence_id = @id", $"chunks-{modelId}");

    /// <inheritdoc />
    public long JournalRows(string persistenceId) =>
        InJournal("SELECT count(*) FROM journal WHERE persistence_id = @id AND deleted = false", persistenceId);

    /// <inheritdoc />
    public long Traces(string persistenceId) => InJournal(
        """
        SELECT (SELECT count(*) FROM journal WHERE persistence_id = @id)
          + (SELECT count(*) FROM tags WHERE persistence_id = @id)
        """,
        persistenceId);

    /// <inheritdoc />
    public void MakeOlder(string persistenceId, TimeSpan age) => InJournal(
        FormattableString.Invariant(
            $"UPDATE journal SET created = created - {age.Ticks} WHERE persistence_id = @id RETURNING 1"),
        persistenceId);

    /// <inheritdoc />
    public void GiveToAnotherWriter(string persistenceId) => Assert.Equal(1, InJournal(
        """
        UPDATE journal SET writer_uuid = 'another' WHERE persistence_id = @id AND sequence_number = 2 RETURNING 1
        """,
        persistenceId));

    /// <inheritdoc />
    public void LoseChunks() => InChunks("DROP TABLE model_chunk", "");

    /// <inheritdoc />
    public long ChunkRows(string modelId) =>
        InChunks("SELECT count(*) FROM model_chunk WHERE persistence_id = @id", $"chunks-{modelId}");

    /// <inheritdoc />
    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static TestDatabase Prepared(TestDatabase database)
    {
#pragma warning disable VSTHRD002 // The constructor of a test class cannot wait otherwise.
        Task.Run(() => database._database.PrepareAsync(true, TimeProvider.System)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        return database;
    }

    private long Query(string connectionString, string sql, string id)
    {
        using var connection = _database.Connect(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        var parameter = command.CreateParameter();
        parameter.ParameterName = "id";
        parameter.Value = id;
        command.Parameters.Add(parameter);
        try
        {
            return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SqliteException e) when (e.Message.Contains("no such table", StringComparison.Ordinal))
        {
            // The plugin makes it at its first write.
            return 0;
        }
    }
}
