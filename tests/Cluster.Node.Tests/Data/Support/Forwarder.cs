using Akka.Actor;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>Lets a test be an actor with a name of its own.</summary>
internal sealed class Forwarder : ReceiveActor
{
    public Forwarder(IActorRef target) => ReceiveAny(target.Forward);

    public static Props Props(IActorRef target) => Akka.Actor.Props.Create(() => new Forwarder(target));
}
