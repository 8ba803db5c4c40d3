using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace MlCluster.Node.Hosting;

/// <summary>
/// One line of text an event. What clients sent may be in it: all of it goes through <see cref="LogText"/> here, so that
/// nobody who logs has to think of it.
/// </summary>
internal sealed class TextLogFormatter(IOptionsMonitor<ConsoleFormatterOptions> options, TimeProvider time)
    : ConsoleFormatter(FormatterName)
{
    /// <summary>What the console knows it by.</summary>
    public const string FormatterName = "line";

    /// <inheritdoc />
    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var cause = logEntry.Exception is { } e ? $" {e}" : "";
        textWriter.Write(time.GetUtcNow().ToString(
            options.CurrentValue.TimestampFormat, System.Globalization.CultureInfo.InvariantCulture));
        textWriter.Write($"{Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] ");
        textWriter.Write(LogText.Escape(message + cause));
        textWriter.Write('\n');
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
