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
    // After these an entity has no future, and each says enough to know whose rows they are.
    private const string Ended =
        """
        SELECT persistence_id FROM journal
        WHERE created < @before AND manifest IN ('tf1', 'td1', 'mq1', 'gd1') AND deleted = false LIMIT @limit
        """;

    /// <summary>Persistence ids of tasks, models and groups that ended before a time.</summary>
    public Task<List<string>> EndedAsync(DateTimeOffset before, int limit) => database.RunAsync(
        database.Journal,
        connection => connection
            .Command(Ended, ("before", before.UtcDateTime.Ticks), ("limit", limit))
            .ReadAsync(row => row.GetString(0)));

    /// <summary>Removes all that the journals have of an entity, and its document.</summary>
    public async Task ForgetAsync(string persistenceId, DateTimeOffset now)
    {
        if (ChunkIds.OfModel(persistenceId) is { } chunks)
        {
            await database.RunAsync(database.Chunks, connection => connection
                .Command("DELETE FROM model_chunk WHERE persistence_id = @id", ("id", chunks))
                .ExecuteAsync());
        }

        await database.RunInTransactionAsync(database.Journal, async transaction =>
        {
            await DocumentTable.ForgetAsync(transaction, persistenceId, now);
            await transaction.Command("DELETE FROM tags WHERE persistence_id = @id", ("id", persistenceId))
                .ExecuteAsync();
            return await transaction.Command("DELETE FROM journal WHERE persistence_id = @id", ("id", persistenceId))
                .ExecuteAsync();
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
