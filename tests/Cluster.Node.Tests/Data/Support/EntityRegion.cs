using Akka.Actor;
using Akka.Cluster.Sharding;
using MlCluster.Node.Data;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>Stands for a shard region: a child an id, stopped by the same message, started again at the next.</summary>
internal sealed class EntityRegion : ReceiveActor
{
    private readonly IActorRef _watcher;

    /// <param name="props">Props of an entity by its id.</param>
    /// <param name="idOf">Null: not for an entity.</param>
    /// <param name="watcher">Told the id of every entity that ends.</param>
    public EntityRegion(Func<string, Props> props, Func<object, string?> idOf, IActorRef watcher)
    {
        _watcher = watcher;
        Receive<Passivate>(p => Sender.Tell(p.StopMessage));
        Receive<StopNow>(s => Context.Child(s.Id).Tell(StopEntity.Instance));
        Receive<KillNow>(k => Context.Stop(Context.Child(k.Id)));
        Receive<Terminated>(t => _watcher.Tell(new Ended(t.ActorRef.Path.Name)));
        ReceiveAny(message =>
        {
            if (idOf(message) is { } id)
            {
                Child(id, props).Forward(message);
            }
        });
    }

    public static Props Props(Func<string, Props> props, Func<object, string?> idOf, IActorRef watcher) =>
        Akka.Actor.Props.Create(() => new EntityRegion(props, idOf, watcher));

    private static IActorRef Child(string id, Func<string, Props> props) =>
        Context.Child(id) is var child && child.IsNobody()
            ? Context.Watch(Context.ActorOf(props(id), id))
            : child;

    internal sealed record StopNow(string Id);

    internal sealed record KillNow(string Id);

    internal sealed record Ended(string Id);
}
