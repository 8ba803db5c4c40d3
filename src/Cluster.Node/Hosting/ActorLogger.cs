using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Dispatch;
using Akka.Event;
using Akka.Remote;
using MlCluster.Node.Hosting.Peers;
using MlCluster.Node.Hosting.Tls;
using MsLogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MlCluster.Node.Hosting;

/// <summary>Hands what actors log to the process's own logs, under the name of the actor's class.</summary>
internal sealed class ActorLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _factory =
        DependencyResolver.For(Context.System).Resolver.GetService<ILoggerFactory>();

    private readonly LostPeers _peers;

    public ActorLogger()
    {
        _peers = new LostPeers(_factory.CreateLogger(typeof(LostPeers).FullName!));
        Receive<AssociatedEvent>(e => _peers.Hear(new PeerFound(e.RemoteAddress.ToString())));
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(OnLogEvent);
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(AssociatedEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void OnLogEvent(LogEvent entry)
    {
        if (PeerLines.Read(entry) is { } words)
        {
            foreach (var word in words)
            {
                _peers.Hear(word);
            }

            return;
        }

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
