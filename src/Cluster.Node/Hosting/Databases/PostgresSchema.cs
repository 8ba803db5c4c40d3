using System.Reflection;
using Npgsql;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>The tables of the journals, made once, whoever comes first.</summary>
/// <remarks>
/// "CREATE TABLE IF NOT EXISTS" fails when two sessions run it at the same moment, so it runs under a lock.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>Of the tables; a newer program may raise it.</summary>
    public const int FormatVersion = 1;

    // Tables that came later, each with its script; those who know nothing of them are not harmed.
    private static readonly (string Table, string Script)[] Later =
    [
        ("cluster_member", "postgresql.members.sql"),
        ("search_document", "postgresql.search.sql"),
    ];

    // Any number that nobody else locks in this database: "mlcl".
    private const long LockKey = 0x6D6C636C;

    /// <exception cref="StartupException">A newer program wrote the tables.</exception>
    /// <exception cref="NpgsqlException">They cannot be made.</exception>
    public static async Task EnsureAsync(NpgsqlConnection connection)
    {
        // The tables' owner may be somebody else, who made them with the same scripts.
        var version = await VersionAsync(connection);
        if (version is null || (await MissingAsync(connection)).Count > 0)
        {
            version = await MakeAsync(connection);
        }

        if (version > FormatVersion)
        {
            throw new StartupException(
                $"the journals in database [{connection.Database}] were written by a newer version (format {version}, "
                + $"this one knows {FormatVersion}); start that version or give another database with --db");
        }
    }

    /// <summary>A script that comes with the program.</summary>
    public static string Script(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task<int?> VersionAsync(NpgsqlConnection connection)
    {
        return await IsThereAsync(connection, "journal_format")
            ? (int?)await ScalarAsync(connection, "SELECT version FROM journal_format")
            : null;
    }

    // Not to_regclass: it answers out of a cache that may be older than the lock.
    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string table) => await ScalarAsync(
        connection,
        $"SELECT EXISTS (SELECT FROM pg_class WHERE relname = '{table}' AND pg_table_is_visible(oid))") is true;

    private static async Task<IReadOnlyList<string>> MissingAsync(NpgsqlConnection connection)
    {
        var missing = new List<string>();
        foreach (var (table, script) in Later)
        {
            if (!await IsThereAsync(connection, table))
            {
                missing.Add(script);
            }
        }

        return missing;
    }

    private static async Task<int> MakeAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await ScalarAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})");
        // Whoever held the lock before has made them.
        var version = await VersionAsync(connection);
        if (version is null)
        {
            await ScalarAsync(connection, Script("postgresql.sql"));
            version = FormatVersion;
        }

        foreach (var script in await MissingAsync(connection))
        {
            await ScalarAsync(connection, Script(script));
        }

        await transaction.CommitAsync();
        return version.Value;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
