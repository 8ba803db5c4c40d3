using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace MlCluster.Node.Hosting.Databases;

/// <summary>A PostgreSQL server that all nodes of a cluster share.</summary>
internal sealed class PostgresDatabase(DatabaseAddress address, PostgresSettings settings) : JournalDatabase
{
    public const string FileName = "persistence.postgresql.hocon";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // The server ends transactions of a stalled node: their rows would come too late for those who read by tag.
    /// <inheritdoc />
    public override string Journal
    {
        get
        {
            var parts = Parts(settings.JournalPool);
            parts.Options ??= string.Create(
                CultureInfo.InvariantCulture,
                $"-c idle_in_transaction_session_timeout={(long)settings.StalledWriterTimeout.TotalMilliseconds}");
            return parts.ToString();
        }
    }

    /// <inheritdoc />
    public override string Chunks => Parts(settings.ChunkPool).ToString();

    /// <inheritdoc />
    public override async Task PrepareAsync(bool ownsJournals, TimeProvider time)
    {
        if (!ownsJournals)
        {
            return;
        }

        var started = time.GetTimestamp();
        var isAnnounced = false;
        while (await TryPrepareAsync() is { } reason)
        {
            if (time.GetElapsedTime(started) > settings.StartTimeout)
            {
                throw new StartupException($"{address} does not answer: {reason}; start it, or correct --db");
            }

            if (!isAnnounced)
            {
                isAnnounced = true;
                await Console.Error.WriteLineAsync($"mlcluster: waiting for {address}: {reason}");
            }

            await Task.Delay(RetryDelay, time);
        }
    }

    /// <inheritdoc />
    public override DbConnection Connect(string connectionString) => new NpgsqlConnection(connectionString);

    /// <returns>Why it does not answer yet; null: done.</returns>
    private async Task<string?> TryPrepareAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(Journal);
            await connection.OpenAsync();
            await PostgresSchema.EnsureAsync(connection);
            return null;
        }
        catch (NpgsqlException e) when (e.IsTransient)
        {
            return e.InnerException?.Message ?? e.Message;
        }
        catch (PostgresException e)
        {
            throw new StartupException($"{address} cannot be used: {e.MessageText} ({e.SqlState})", e);
        }
        catch (NpgsqlException e)
        {
            throw new StartupException($"{address} cannot be used: {e.Message}", e);
        }
    }

    // What the operator's string leaves at Npgsql's default is ours to choose.
    private NpgsqlConnectionStringBuilder Parts(int pool)
    {
        var untouched = new NpgsqlConnectionStringBuilder();
        var parts = new NpgsqlConnectionStringBuilder(address.Postgres);
        parts.ApplicationName ??= "mlcluster";
        parts.Timeout = parts.Timeout == untouched.Timeout ? (int)settings.ConnectTimeout.TotalSeconds : parts.Timeout;
        parts.MaxPoolSize = parts.MaxPoolSize == untouched.MaxPoolSize ? pool : parts.MaxPoolSize;
        return parts;
    }
}
