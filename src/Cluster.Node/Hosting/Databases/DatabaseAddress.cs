using Npgsql;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>
/// Where the operator keeps the journals. It may hold a password, so it says of itself only what may be printed.
/// </summary>
internal sealed record DatabaseAddress
{
    private const string SqlitePrefix = "sqlite:";

    private DatabaseAddress()
    {
    }

    /// <summary>SQLite files in the data folder.</summary>
    public static DatabaseAddress DataFolder { get; } = new();

    /// <summary>Folder of SQLite files, absolute; null: the data folder, or PostgreSQL.</summary>
    public string? SqliteFolder { get; private init; }

    /// <summary>Connection string of PostgreSQL; null: SQLite.</summary>
    public string? Postgres { get; private init; }

    /// <exception cref="FormatException">Neither of both; the message repeats nothing of the text.</exception>
    public static DatabaseAddress Parse(string text) =>
        text.StartsWith(SqlitePrefix, StringComparison.Ordinal)
            ? new DatabaseAddress { SqliteFolder = Path.GetFullPath(text[SqlitePrefix.Length..]) }
            : new DatabaseAddress { Postgres = PostgresString(text) };

    /// <summary>Without password.</summary>
    public override string ToString()
    {
        if (Postgres is null)
        {
            return SqliteFolder is null ? "sqlite in the data folder" : SqlitePrefix + SqliteFolder;
        }

        var parts = new NpgsqlConnectionStringBuilder(Postgres);
        return $"postgresql database [{parts.Database ?? parts.Username}] on [{parts.Host}:{parts.Port}]";
    }

    private static string PostgresString(string text)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(parts.Host) ? throw new FormatException("it names no Host; " + Cure) : text;
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or InvalidCastException)
        {
            throw new FormatException("it is no connection string; " + Cure, e);
        }
    }

    private const string Cure =
        "give sqlite:DIR, or a PostgreSQL connection string such as Host=db;Database=mlcluster;Username=mlcluster";
}
