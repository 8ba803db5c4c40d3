using System.Data.Common;
using Akka.Configuration;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>The database of the journals: metadata (models, tasks, snapshots) and chunks.</summary>
internal abstract class JournalDatabase
{
    /// <summary>Connection string of the metadata journal; may hold a password.</summary>
    public abstract string Journal { get; }

    /// <summary>Connection string of the chunk journal; may hold a password.</summary>
    public abstract string Chunks { get; }

    /// <param name="options">Says which database.</param>
    /// <param name="config">How it is used: <c>mlcluster.database</c>.</param>
    public static JournalDatabase Of(NodeOptions options, Config config) =>
        options.Database.Postgres is null
            ? new SqliteDatabase(options.Database.SqliteFolder ?? options.DataDirectory)
            : new PostgresDatabase(options.Database, PostgresSettings.FromConfig(config));

    /// <summary>The HOCON file that sets the persistence plugins up for it.</summary>
    public static string HoconFileOf(NodeOptions options) =>
        options.Database.Postgres is null ? SqliteDatabase.FileName : PostgresDatabase.FileName;

    /// <summary>Makes ready what the plugins expect; several nodes may do so at once.</summary>
    /// <param name="ownsJournals">False: this node reads chunks at most.</param>
    /// <exception cref="StartupException">The database cannot be used.</exception>
    public abstract Task PrepareAsync(bool ownsJournals, TimeProvider time);

    /// <summary>A connection, not open yet.</summary>
    /// <param name="connectionString">One of the two above.</param>
    public abstract DbConnection Connect(string connectionString);
}
