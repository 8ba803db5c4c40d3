using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Tests.Support;
using Npgsql;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>On a server several nodes write at once, and one may stop in the middle.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresFeedTests(PostgresFixture server) : FeedSpec(TestDatabase.Postgres(server))
{
    private static readonly TaskId Early = new("early");
    private static readonly TaskId Late = new("late");

    // Takes its number now and appears when the transaction ends.
    private const string LateWrite =
        """
        WITH written AS (
          INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
          SELECT created, false, 'task-copied', 1, message, manifest, identifier, writer_uuid FROM journal
          WHERE persistence_id = 'task-early'
          RETURNING ordering)
        INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id)
        SELECT ordering, 'attention', 1, 'task-copied' FROM written
        """;

    [SkippableFact]
    public async Task Read_WriterPausedInTheMiddle_MissesNothing()
    {
        AskTask<TaskAccepted>(Create(Early));
        await using var paused = await BeginLateWriteAsync();
        AskTask<TaskAccepted>(Create(Late));

        var reading = ReadAsync(3, batch: 100);
        // The later number is there, and waits for the missing one.
        await Assert.ThrowsAsync<TimeoutException>(() => reading.WaitAsync(TimeSpan.FromSeconds(2)));
        await paused.Transaction.CommitAsync();

        var tasks = (await reading).Cast<TaskCreated>().Select(e => e.TaskId);
        Assert.Equal([Early, Early, Late], tasks);
    }

    [SkippableFact]
    public async Task Read_WriterPausedForTooLong_GoesOnWithoutItAndItsWriteFails()
    {
        AskTask<TaskAccepted>(Create(Early));
        await using var paused = await BeginLateWriteAsync();
        AskTask<TaskAccepted>(Create(Late));

        var tasks = (await ReadAsync(2, batch: 100)).Cast<TaskCreated>().Select(e => e.TaskId);

        Assert.Equal([Early, Late], tasks);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => paused.Transaction.CommitAsync());
        Assert.Equal(0, Database.JournalRows("task-copied"));
    }

    private async Task<PausedWriter> BeginLateWriteAsync()
    {
        var connection = (NpgsqlConnection)Server.Connect(Server.Journal);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(LateWrite, connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new PausedWriter(connection, transaction);
    }

    private JournalDatabase Server => Database.Server;

    private sealed record PausedWriter(NpgsqlConnection Connection, NpgsqlTransaction Transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
