using System.Data.Common;
using System.Globalization;
using MlCluster.Messages.Search;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Data.Search;

/// <summary>Documents of models and tasks in the journals' database; tables in postgresql.search.sql.</summary>
internal sealed class DocumentTable(JournalDatabase database)
{
    private const int IdsAtOnce = 500;

    // Of two that write the same document the one who has read more of its journal wins. An entity that was forgotten
    // meanwhile gets none.
    private const string Upsert =
        """
        INSERT INTO search_document (kind, id, seq_nr, journal_nr, changed, deleted, document)
        SELECT @kind, @id, @seq, @nr, @now, @deleted, @document
        WHERE EXISTS (SELECT 1 FROM journal WHERE persistence_id = @entity AND sequence_number = @nr)
        ON CONFLICT (kind, id) DO UPDATE SET seq_nr = excluded.seq_nr, journal_nr = excluded.journal_nr,
          changed = excluded.changed, deleted = excluded.deleted, document = excluded.document
        WHERE search_document.journal_nr <= excluded.journal_nr
        """;

    // What the entity's successor of the same name writes begins at 1 again.
    private const string Forget =
        """
        UPDATE search_document SET deleted = true, document = NULL, journal_nr = 0, changed = @now,
          seq_nr = (SELECT seq_nr FROM search_projection)
        WHERE kind = @kind AND id = @id AND journal_nr <= @nr
        """;

    /// <summary>Where the documents are; made again from nothing where their format is another one or none are left.
    /// </summary>
    public Task<ProjectionState> OpenAsync(int format) => database.RunInTransactionAsync(
        database.Journal,
        async transaction =>
        {
            await transaction.Command(
                """
                INSERT INTO search_projection (id, format, generation, complete, read_to, seq_nr)
                VALUES (1, @format, 1, false, 0, 0) ON CONFLICT (id) DO NOTHING
                """,
                ("format", format)).ExecuteAsync();
            var begunAgain = await transaction.Command(
                """
                UPDATE search_projection
                SET format = @format, generation = generation + 1, complete = false, read_to = 0
                WHERE format <> @format OR (read_to > 0 AND NOT EXISTS (SELECT 1 FROM search_document))
                """,
                ("format", format)).ExecuteAsync();
            if (begunAgain > 0)
            {
                await transaction.Command("DELETE FROM search_document").ExecuteAsync();
            }

            return (await StateAsync(transaction.Connection!))!;
        });

    /// <summary>Events after a number that are visible now, in the order of their numbers.</summary>
    public Task<List<JournalEntry>> JournalAfterAsync(long ordering, int limit) => database.RunAsync(
        database.Journal,
        async connection => await HasJournalAsync(connection)
            ? await connection.Command(
                "SELECT ordering, persistence_id FROM journal WHERE ordering > @after ORDER BY ordering LIMIT @limit",
                ("after", ordering),
                ("limit", limit)).ReadAsync(row => new JournalEntry(row.GetInt64(0), row.GetString(1)))
            : []);

    /// <summary>All events of some entities that documents are folded from, in the order of each.</summary>
    public Task<List<StoredEvent>> EventsAsync(IReadOnlyList<string> persistenceIds) => database.RunAsync(
        database.Journal,
        connection =>
        {
            var command = connection.Command("");
            // Chunks and steps of a download are many, and no document shows them.
#pragma warning disable CA2100 // Names of parameters alone.
            command.CommandText =
                $"""
                SELECT persistence_id, sequence_number, manifest, identifier, message FROM journal
                WHERE persistence_id IN ({Parameters(command, persistenceIds)}) AND deleted = false
                  AND manifest NOT IN ('mc1', 'ml1')
                ORDER BY persistence_id, sequence_number
                """;
#pragma warning restore CA2100
            return command.ReadAsync(row => new StoredEvent(
                row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3), row.GetFieldValue<byte[]>(4)));
        });

    /// <summary>Writes documents.</summary>
    /// <exception cref="GenerationEndedException">Somebody else makes them again.</exception>
    public Task WriteAsync(long generation, IReadOnlyList<DocumentChange> changes, DateTimeOffset now) =>
        database.RunInTransactionAsync(
            database.Journal,
            async transaction =>
            {
                var last = await TakeNumbersAsync(transaction, changes.Count, generation);
                foreach (var (i, change) in changes.Index())
                {
                    await transaction.Command(
                        Upsert,
                        ("kind", (int)change.Key.Kind),
                        ("id", change.Key.Id),
                        ("seq", last - changes.Count + i + 1),
                        ("nr", change.SequenceNr),
                        ("now", now.ToUnixTimeMilliseconds()),
                        ("deleted", change.Document is null),
                        ("entity", change.Key.PersistenceId),
                        ("document", change.Document)).ExecuteAsync();
                }

                return true;
            });

    /// <summary>Says that events up to a number are in the documents.</summary>
    public Task SettleAsync(long generation, long readTo) => database.RunAsync(database.Journal, connection =>
        connection.Command(
            "UPDATE search_projection SET read_to = @to WHERE generation = @generation AND read_to < @to",
            ("to", readTo),
            ("generation", generation)).ExecuteAsync());

    /// <summary>Says that all of the journal has been read once.</summary>
    public Task CompleteAsync(long generation) => database.RunAsync(database.Journal, connection => connection
        .Command(
            "UPDATE search_projection SET complete = true WHERE generation = @generation", ("generation", generation))
        .ExecuteAsync());

    /// <summary>Null: nobody has begun.</summary>
    public Task<ProjectionState?> StateAsync() => database.RunAsync(database.Journal, StateAsync);

    /// <summary>Documents that changed after a number, in the order of their numbers.</summary>
    public Task<List<StoredDocument>> ChangedAfterAsync(long seqNr, int limit) => database.RunAsync(
        database.Journal,
        connection => connection.Command(
            """
            SELECT kind, id, seq_nr, document FROM search_document WHERE seq_nr > @after ORDER BY seq_nr LIMIT @limit
            """,
            ("after", seqNr),
            ("limit", limit)).ReadAsync(DocumentOf));

    /// <summary>Documents by id, those that are there.</summary>
    public Task<Dictionary<string, StoredDocument>> FetchAsync(DocumentKind kind, IReadOnlyList<string> ids) =>
        database.RunAsync(database.Journal, async connection =>
        {
            var found = new Dictionary<string, StoredDocument>(StringComparer.Ordinal);
            foreach (var some in ids.Chunk(IdsAtOnce))
            {
                var command = connection.Command("", ("kind", (int)kind));
#pragma warning disable CA2100 // Names of parameters alone.
                command.CommandText =
                    $"""
                    SELECT kind, id, seq_nr, document FROM search_document
                    WHERE kind = @kind AND deleted = false AND id IN ({Parameters(command, some)})
                    """;
#pragma warning restore CA2100
                foreach (var document in await command.ReadAsync(DocumentOf))
                {
                    found[document.Key.Id] = document;
                }
            }

            return found;
        });

    /// <summary>Removes what is left of documents that were deleted before a time.</summary>
    public Task SweepAsync(DateTimeOffset before) => database.RunAsync(database.Journal, connection => connection
        .Command(
            "DELETE FROM search_document WHERE deleted = true AND changed < @before",
            ("before", before.ToUnixTimeMilliseconds()))
        .ExecuteAsync());

    /// <summary>Removes the document of an entity, with its journal; not that of a successor that is there already.
    /// </summary>
    public static async Task ForgetAsync(DbTransaction transaction, JournalEnd end, DateTimeOffset now)
    {
        if (DocumentKey.Of(end.PersistenceId) is { } key && await StateAsync(transaction.Connection!) is { } state)
        {
            await TakeNumbersAsync(transaction, 1, state.Generation);
            await transaction.Command(
                Forget,
                ("now", now.ToUnixTimeMilliseconds()),
                ("kind", (int)key.Kind),
                ("id", key.Id),
                ("nr", end.SequenceNr)).ExecuteAsync();
        }
    }

    private static async Task<long> TakeNumbersAsync(DbTransaction transaction, int count, long generation)
    {
        var numbers = await transaction.Command(
            """
            UPDATE search_projection SET seq_nr = seq_nr + @count WHERE generation = @generation RETURNING seq_nr
            """,
            ("count", count),
            ("generation", generation)).ReadAsync(row => row.GetInt64(0));
        return numbers is [var last] ? last : throw new GenerationEndedException(generation);
    }

    private static async Task<ProjectionState?> StateAsync(DbConnection connection) =>
        (await connection.Command("SELECT generation, complete, read_to, seq_nr FROM search_projection")
            .ReadAsync(row => new ProjectionState(
                row.GetInt64(0), row.GetBoolean(1), row.GetInt64(2), row.GetInt64(3)))).SingleOrDefault();

    // Akka's plugin makes it at the first event of a new SQLite file.
    private async Task<bool> HasJournalAsync(DbConnection connection) => database is not SqliteDatabase
        || (await connection.Command("SELECT 1 FROM sqlite_master WHERE name = 'journal'")
            .ReadAsync(row => row.GetInt64(0))).Count > 0;

    private static StoredDocument DocumentOf(DbDataReader row) => new(
        new DocumentKey((DocumentKind)row.GetInt32(0), row.GetString(1)),
        row.GetInt64(2),
        row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    private static string Parameters(DbCommand command, IReadOnlyList<string> values)
    {
        foreach (var (i, value) in values.Index())
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"p{i}");
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return string.Join(", ", values.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"@p{i}")));
    }
}
