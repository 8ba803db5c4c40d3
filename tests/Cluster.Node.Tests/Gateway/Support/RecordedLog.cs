using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>Keeps the lines of a host, those of some weight.</summary>
internal sealed class RecordedLog(LogLevel least = LogLevel.Error) : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue(formatter(state, exception));
        }
    }
}
