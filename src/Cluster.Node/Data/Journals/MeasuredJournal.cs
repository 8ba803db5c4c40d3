using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Data.Journals;

/// <summary>The journal in SQL, with the time that each write takes.</summary>
/// <remarks>Akka makes it by its name in HOCON.</remarks>
internal sealed class MeasuredJournal : SqlWriteJournal
{
    private readonly JournalMetrics? _metrics;
    private readonly string _name;

    public MeasuredJournal(Config config)
        : base(config)
    {
        _metrics = Context.System.Settings.Setup.Get<MetricsSetup>() is { HasValue: true } setup
            ? setup.Value.Metrics.Journals
            : null;
        _name = config.GetString("plugin-id").Split('.')[^1];
    }

    /// <inheritdoc />
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        _metrics is { } metrics
            ? MeasureAsync(metrics, messages, cancellationToken)
            : base.WriteMessagesAsync(messages, cancellationToken);

    private async Task<IImmutableList<Exception>> MeasureAsync(
        JournalMetrics metrics, IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var failed = true;
        try
        {
            var refused = await base.WriteMessagesAsync(messages, cancellationToken);
            failed = refused is not null && refused.Any(e => e is not null);
            return refused!;
        }
        finally
        {
            metrics.Record(_name, TimeProvider.System.GetElapsedTime(started), failed);
        }
    }
}
