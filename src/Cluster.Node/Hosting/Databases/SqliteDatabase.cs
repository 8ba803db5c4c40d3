using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>The two SQLite files of a node that has no database server.</summary>
internal sealed class SqliteDatabase(string folder) : JournalDatabase
{
    public const string FileName = "persistence.sqlite.hocon";

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public override string Journal => FileConnection("journal.db");

    /// <inheritdoc />
    public override string Chunks => FileConnection("chunks.db");

    // Switches the files to WAL, a property of the file that the plugin does not set.
    /// <inheritdoc />
    public override Task PrepareAsync(bool ownsJournals, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(folder);
            SwitchToWal(Journal);
            SwitchToWal(Chunks);
            if (ownsJournals)
            {
                Execute(Journal, PostgresSchema.Script("sqlite.search.sql"));
            }
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"the journals in [{folder}] cannot be opened: {e.Message}; "
                + "give another folder with --db sqlite:DIR", e);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override DbConnection Connect(string connectionString) => new SqliteConnection(connectionString);

    private string FileConnection(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(folder, file),
        DefaultTimeout = (int)LockWait.TotalSeconds,
    }.ToString();

    private static void SwitchToWal(string connectionString) =>
        Execute(connectionString, "PRAGMA journal_mode=WAL");

    private static void Execute(string connectionString, string script)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Scripts of the program.
        command.CommandText = script;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
