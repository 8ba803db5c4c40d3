using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Dispatch;
using Akka.Event;
using MlCluster.Node.Hosting.Tls;
using MsLogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MlCluster.Node.Hosting;

/// <summary>Hands what actors log to the process's own logs, under the name of the actor's class.</summary>
internal sealed class ActorLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _factory =
        DependencyResolver.For(Context.System).Resolver.GetService<ILoggerFactory>();

    public ActorLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(OnLogEvent);
    }

    private void OnLogEvent(LogEvent entry)
    {
        var logger = _factory.CreateLogger(entry.LogClass.FullName ?? entry.LogClass.Name);
        var level = ToLevel(entry.LogLevel());
        if (TransportLog.Concerns(entry))
        {
            TransportLog.Write(entry, level, logger);
        }
        else if (logger.IsEnabled(level))
        {
            logger.Log(level, entry.Cause, "{Message}", entry.Message);
        }
    }

    private static MsLogLevel ToLevel(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => MsLogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => MsLogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => MsLogLevel.Warning,
        _ => MsLogLevel.Error,
    };
}
