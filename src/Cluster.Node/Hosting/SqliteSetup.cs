using Microsoft.Data.Sqlite;

namespace MlCluster.Node.Hosting;

/// <summary>The two SQLite files of a node that has no database server.</summary>
internal static class SqliteSetup
{
    private const string Prefix = "sqlite:";

    /// <summary>Connection strings of the metadata journal and of the chunk journal.</summary>
    public static (string Journal, string Chunks) ConnectionStrings(NodeOptions options)
    {
        var folder = Folder(options);
        return (Connection(Path.Combine(folder, "journal.db")), Connection(Path.Combine(folder, "chunks.db")));
    }

    /// <summary>Makes the files and switches them to WAL, a property of the file that the plugin does not set.</summary>
    /// <exception cref="StartupException">A file cannot be opened or is not SQLite's.</exception>
    public static void Prepare(NodeOptions options)
    {
        try
        {
            Directory.CreateDirectory(Folder(options));
            var (journal, chunks) = ConnectionStrings(options);
            SwitchToWal(journal);
            SwitchToWal(chunks);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"the journals in [{Folder(options)}] cannot be opened: {e.Message}; "
                + "give another folder with --db sqlite:DIR", e);
        }
    }

    /// <summary>Where they lie.</summary>
    /// <exception cref="StartupException">The option names another database.</exception>
    public static string Folder(NodeOptions options) => options.Database switch
    {
        "" => options.DataDirectory,
        var text when text.StartsWith(Prefix, StringComparison.Ordinal) => Path.GetFullPath(text[Prefix.Length..]),
        _ => throw new StartupException(
            "--db: this version keeps its journals in SQLite; give sqlite:DIR or leave the option out"),
    };

    private static string Connection(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();

    private static void SwitchToWal(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL";
        command.ExecuteNonQuery();
    }
}
