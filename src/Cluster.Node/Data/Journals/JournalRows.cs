using MlCluster.Messages;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Search;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Data.Journals;

/// <summary>
/// Removes rows of the journals where Akka cannot: it removes all up to some number and keeps the last one for ever.
/// </summary>
internal sealed class JournalRows(JournalDatabase database)
{
    // Each says enough to know whose rows they are. What follows one is of another model of the same id.
    private const string Ended =
        """
        SELECT persistence_id, sequence_number FROM journal
        WHERE created < @before AND manifest IN ('tf1', 'td1', 'mq1', 'gd1') AND deleted = false
          AND NOT EXISTS (SELECT 1 FROM journal AS later WHERE later.persistence_id = journal.persistence_id
            AND later.sequence_number > journal.sequence_number)
        LIMIT @limit
        """;

    // The mark that Akka leaves says where the rows of the model that ended end.
    private const string ForgetChunks =
        """
        DELETE FROM model_chunk WHERE persistence_id = @id AND sequence_number <=
          (SELECT MAX(mark.sequence_number) FROM model_chunk AS mark WHERE mark.persistence_id = @id AND mark.deleted = true)
        """;

    /// <summary>Tasks, models and groups that ended before a time.</summary>
    public Task<List<JournalEnd>> EndedAsync(DateTimeOffset before, int limit) => database.RunAsync(
        database.Journal,
        connection => connection
            .Command(Ended, ("before", before.UtcDateTime.Ticks), ("limit", limit))
            .ReadAsync(row => new JournalEnd(row.GetString(0), row.GetInt64(1))));

    /// <summary>Removes all that the journals have of an entity up to its end, and its document.</summary>
    /// <remarks>At the same moment a model may be registered under its id.</remarks>
    public async Task ForgetAsync(JournalEnd end, DateTimeOffset now)
    {
        if (ChunkIds.OfModel(end.PersistenceId) is { } chunks)
        {
            await database.RunAsync(
                database.Chunks, connection => connection.Command(ForgetChunks, ("id", chunks)).ExecuteAsync());
        }

        await database.RunInTransactionAsync(database.Journal, async transaction =>
        {
            await DocumentTable.ForgetAsync(transaction, end, now);
            await transaction.Command(
                "DELETE FROM tags WHERE persistence_id = @id AND sequence_nr <= @nr",
                ("id", end.PersistenceId),
                ("nr", end.SequenceNr)).ExecuteAsync();
            return await transaction.Command(
                "DELETE FROM journal WHERE persistence_id = @id AND sequence_number <= @nr",
                ("id", end.PersistenceId),
                ("nr", end.SequenceNr)).ExecuteAsync();
        });
    }

    /// <summary>Removes what is left of documents that were deleted before a time.</summary>
    public Task SweepDocumentsAsync(DateTimeOffset before) => new DocumentTable(database).SweepAsync(before);

    /// <summary>Numbers of the rows that hold chunks of a model, in use or not.</summary>
    public Task<List<long>> ChunksAsync(ModelId model) => database.RunAsync(
        database.Chunks,
        connection => connection
            .Command("SELECT sequence_number FROM model_chunk WHERE persistence_id = @id", ("id", ChunkIds.Of(model)))
            .ReadAsync(row => row.GetInt64(0)));

    /// <summary>Removes some of them.</summary>
    public Task RemoveChunksAsync(ModelId model, IEnumerable<long> sequenceNrs) => database.RunAsync(
        database.Chunks,
        async connection =>
        {
            foreach (var sequenceNr in sequenceNrs)
            {
                await connection.Command(
                    "DELETE FROM model_chunk WHERE persistence_id = @id AND sequence_number = @nr",
                    ("id", ChunkIds.Of(model)),
                    ("nr", sequenceNr)).ExecuteAsync();
            }

            return true;
        });
}

/// <summary>Where an entity's life ends.</summary>
/// <param name="SequenceNr">Of its last event.</param>
internal sealed record JournalEnd(string PersistenceId, long SequenceNr);
