using Akka.Configuration;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Tests.Support;
using Npgsql;

namespace MlCluster.Node.Tests.Hosting.Databases;

/// <summary>The tables: made once whoever comes, refused when newer, and those that the plugin would make.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresSchemaTests(PostgresFixture postgres)
{
    private const int Nodes = 8;
    private const int Rounds = 10;

    [SkippableFact]
    public async Task Prepare_ManyAtOnceOnAnEmptyDatabase_AllSucceed()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var database = DatabaseOf(postgres.Server.NewDatabase());
            using var start = new Barrier(Nodes);

            await Task.WhenAll(Enumerable.Range(0, Nodes).Select(_ => Task.Run(async () =>
            {
                start.SignalAndWait();
                await database.PrepareAsync(ownsJournals: true, TimeProvider.System);
            })));

            Assert.Equal(["1"], await ReadAsync(database, "SELECT version::text FROM journal_format"));
        }
    }

    [SkippableFact]
    public async Task Prepare_NewerFormat_IsRefused()
    {
        var database = DatabaseOf(postgres.Server.NewDatabase());
        await database.PrepareAsync(ownsJournals: true, TimeProvider.System);
        await ReadAsync(database, "UPDATE journal_format SET version = 2 RETURNING 'x'");

        var refused = await Assert.ThrowsAsync<StartupException>(
            () => database.PrepareAsync(ownsJournals: true, TimeProvider.System));

        Assert.Contains("a newer version (format 2, this one knows 1)", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Prepare_WrongPassword_IsRefusedWithoutIt()
    {
        var wrong = postgres.Server.NewDatabase()
            .Replace(postgres.Server.Password, "not-the-secret", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<StartupException>(
            () => DatabaseOf(wrong).PrepareAsync(ownsJournals: true, TimeProvider.System));

        Assert.Contains("password authentication failed", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_NoServer_EndsAfterTheTimeWithTheCure()
    {
        var settings = new PostgresSettings(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1, 1);
        var address = DatabaseAddress.Parse("Host=127.0.0.1;Port=1;Database=ml;Username=me");
        var database = new PostgresDatabase(address, settings);

        var refused = await Assert.ThrowsAsync<StartupException>(
            () => database.PrepareAsync(ownsJournals: true, TimeProvider.System));

        Assert.StartsWith(
            "postgresql database [ml] on [127.0.0.1:1] does not answer", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Script_Tables_AreThoseOfThePlugin()
    {
        var ours = DatabaseOf(postgres.Server.NewDatabase());
        await ours.PrepareAsync(ownsJournals: true, TimeProvider.System);
        var address = postgres.Server.NewDatabase();
        using (var kit = new TestKit(PluginMakesTables(address)))
        {
            var persistence = Persistence.Instance.Apply(kit.Sys);
            persistence.JournalFor("akka.persistence.journal.sql");
            persistence.JournalFor("akka.persistence.journal.chunks");
            persistence.SnapshotStoreFor("akka.persistence.snapshot-store.sql");
            var theirs = DatabaseOf(address);
            var expected = (await ShapeAsync(ours))
                .Where(l => !l.StartsWith("journal_format", StringComparison.Ordinal))
                .Where(l => !l.Contains("cluster_member", StringComparison.Ordinal))
                .Where(l => !l.Contains("search_", StringComparison.Ordinal));
            await kit.AwaitAssertAsync(
                async () => Assert.Equal(expected, await ShapeAsync(theirs)), TimeSpan.FromSeconds(30));
        }
    }

    private static Config PluginMakesTables(string address) => ConfigurationFactory.ParseString(
        """
        akka.loglevel = WARNING
        akka.persistence.journal.sql.auto-initialize = true
        akka.persistence.journal.chunks.auto-initialize = true
        akka.persistence.snapshot-store.sql.auto-initialize = true
        """).WithFallback(HoconFiles.Load(new NodeOptions { Database = DatabaseAddress.Parse(address) }));

    private static JournalDatabase DatabaseOf(string address)
    {
        var options = new NodeOptions { Database = DatabaseAddress.Parse(address) };
        return JournalDatabase.Of(options, HoconFiles.Load(options));
    }

    // Columns and indexes, one a line.
    private static Task<List<string>> ShapeAsync(JournalDatabase database) => ReadAsync(
        database,
        """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity
          || ' ' || coalesce(identity_generation, '') FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1
        """);

    private static async Task<List<string>> ReadAsync(JournalDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.Journal);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Constants of the tests.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
        {
            lines.Add(rows.GetString(0));
        }

        return lines;
    }
}
