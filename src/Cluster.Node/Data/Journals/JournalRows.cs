using System.Data.Common;
using MlCluster.Messages;
using MlCluster.Node.Data.Chunks;
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
        WHERE created < @before AND manifest IN ('tf1', 'td1', 'mq1') AND deleted = false LIMIT @limit
        """;

    /// <summary>Persistence ids of tasks and models that ended before a time.</summary>
    public Task<IReadOnlyList<string>> EndedAsync(DateTimeOffset before, int limit) => RunAsync(
        database.Journal,
        async connection =>
        {
            await using var command = Command(
                connection, Ended, ("before", before.UtcDateTime.Ticks), ("limit", limit));
            return await ReadAsync(command, row => row.GetString(0));
        });

    /// <summary>Removes all that the journals have of an entity.</summary>
    public async Task ForgetAsync(string persistenceId)
    {
        if (ChunkIds.OfModel(persistenceId) is { } chunks)
        {
            await ExecuteAsync(database.Chunks, [("DELETE FROM model_chunk WHERE persistence_id = @id", chunks)]);
        }

        await ExecuteAsync(
            database.Journal,
            [
                ("DELETE FROM tags WHERE persistence_id = @id", persistenceId),
                ("DELETE FROM journal WHERE persistence_id = @id", persistenceId),
            ]);
    }

    /// <summary>Numbers of the rows that hold chunks of a model, in use or not.</summary>
    public Task<IReadOnlyList<long>> ChunksAsync(ModelId model) => RunAsync(
        database.Chunks,
        async connection =>
        {
            await using var command = Command(
                connection,
                "SELECT sequence_number FROM model_chunk WHERE persistence_id = @id",
                ("id", ChunkIds.Of(model)));
            return await ReadAsync(command, row => row.GetInt64(0));
        });

    /// <summary>Removes some of them.</summary>
    public Task RemoveChunksAsync(ModelId model, IEnumerable<long> sequenceNrs) => RunAsync(
        database.Chunks,
        async connection =>
        {
            foreach (var sequenceNr in sequenceNrs)
            {
                await using var command = Command(
                    connection,
                    "DELETE FROM model_chunk WHERE persistence_id = @id AND sequence_number = @nr",
                    ("id", ChunkIds.Of(model)),
                    ("nr", sequenceNr));
                await command.ExecuteNonQueryAsync();
            }

            return true;
        });

    private Task<bool> ExecuteAsync(
        string connectionString, IReadOnlyList<(string Sql, string Id)> statements) => RunAsync(
        connectionString,
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var (sql, id) in statements)
            {
                await using var command = Command(connection, sql, ("id", id));
                command.Transaction = transaction;
                await command.ExecuteNonQueryAsync();
            }

            await transaction.CommitAsync();
            return true;
        });

    // SQLite's calls are synchronous whatever their names say.
    private Task<T> RunAsync<T>(string connectionString, Func<DbConnection, Task<T>> work) => Task.Run(async () =>
    {
        await using var connection = database.Connect(connectionString);
        await connection.OpenAsync();
        return await work(connection);
    });

    private static DbCommand Command(
        DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(DbCommand command, Func<DbDataReader, T> read)
    {
        var found = new List<T>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            found.Add(read(rows));
        }

        return found;
    }
}
