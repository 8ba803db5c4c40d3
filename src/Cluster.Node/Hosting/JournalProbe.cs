using System.Data.Common;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Hosting;

/// <summary>Asks the journals' database whether it answers; the plugin's own check only knows its circuit
/// breaker.</summary>
internal sealed class JournalProbe(NodeContext context, JournalDatabase database) : IDisposable
{
    private readonly TimeSpan _interval = context.Config.GetTimeSpan("mlcluster.health.journal-probe-interval");
    private readonly TimeSpan _timeout = context.Config.GetTimeSpan("mlcluster.health.journal-probe-timeout");
    private readonly SemaphoreSlim _one = new(1, 1);
    private (long Timestamp, string? Error)? _last;

    /// <summary>Why the database does not answer; null when it does. At most one question an interval.</summary>
    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || context.Time.GetElapsedTime(last.Timestamp) >= _interval)
            {
                _last = last = (context.Time.GetTimestamp(), await AskAsync(cancellationToken));
            }

            return last.Error;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            // SQLite's calls are synchronous whatever their names say.
            await Task.Run(Ask, cancellationToken).WaitAsync(_timeout, context.Time, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException)
        {
            return e.Message;
        }
    }

    private void Ask()
    {
        using var connection = database.Connect(database.Journal);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1";
        command.ExecuteScalar();
    }
}
