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
        Prepare();
        return Task.CompletedTask;
    }

    /// <inheritdoc cref="PrepareAsync" />
    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(folder);
            SwitchToWal(Journal);
            SwitchToWal(Chunks);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"the journals in [{folder}] cannot be opened: {e.Message}; "
                + "give another folder with --db sqlite:DIR", e);
        }
    }

    /// <inheritdoc />
    public override DbConnection Connect(string connectionString) => new SqliteConnection(connectionString);

    private string FileConnection(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(folder, file),
        DefaultTimeout = (int)LockWait.TotalSeconds,
    }.ToString();

    private static void SwitchToWal(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL";
        command.ExecuteNonQuery();
    }
}
