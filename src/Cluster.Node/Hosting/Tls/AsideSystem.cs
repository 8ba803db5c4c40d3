using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>
/// An actor system without actors beside the node's own: what the transport ends when it believes that it must end the
/// process. It has the node's name and certificate, and what it logs of connections the node logs.
/// </summary>
internal static class AsideSystem
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString("""
        akka {
          loggers = ["MlCluster.Node.Hosting.Tls.AsideSystem+Forwarder, Cluster.Node"]
          stdout-loglevel = OFF
          stdout-logger-class = "MlCluster.Node.Hosting.SilentLogger, Cluster.Node"
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown {
            terminate-actor-system = off
            exit-clr = off
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
          }
        }
        """);

    public static ActorSystem Create(ActorSystem node)
    {
        var level = node.Settings.Config.GetString("akka.loglevel", "INFO");
        var config = ConfigurationFactory.ParseString($"akka.loglevel = {level}").WithFallback(Quiet);
        ActorSystemSetup setup = BootstrapSetup.Create().WithConfig(config).And(new BesideSetup(node));
        var tls = node.Settings.Setup.Get<DotNettySslSetup>();
        return ActorSystem.Create(node.Name, tls.HasValue ? setup.And(tls.Value) : setup);
    }

    private sealed class BesideSetup(ActorSystem node) : Setup
    {
        public ActorSystem Node => node;
    }

    /// <summary>Hands on what concerns connections; that the system itself ends is no news.</summary>
    internal sealed class Forwarder : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        public Forwarder()
        {
            var node = Context.System.Settings.Setup.Get<BesideSetup>().Value.Node;
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            Receive<LogEvent>(TransportLog.IsOfRemoting, entry => node.EventStream.Publish(entry));
        }
    }
}
