using Akka.Actor;
using Akka.Cluster.Sharding;
using MlCluster.Node.Data;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>
/// Stands for a shard region: a child an id, stopped by the same message, started again at the next, which waits until
/// the child has ended.
/// </summary>
internal sealed class EntityRegion : ReceiveActor
{
    private readonly IActorRef _watcher;
    private readonly Dictionary<string, List<(object Message, IActorRef Sender)>> _held = [];

    /// <param name="props">Props of an entity by its id.</param>
    /// <param name="idOf">Null: not for an entity.</param>
    /// <param name="watcher">Told the id of every entity that ends.</param>
    public EntityRegion(Func<string, Props> props, Func<object, string?> idOf, IActorRef watcher)
    {
        _watcher = watcher;
        Receive<Passivate>(p =>
        {
            _held.TryAdd(Sender.Path.Name, []);
            Sender.Tell(p.StopMessage);
        });
        Receive<StopNow>(s => Context.Child(s.Id).Tell(StopEntity.Instance));
        Receive<KillNow>(k => Kill(k.Id));
        Receive<Terminated>(t => OnEnded(t.ActorRef.Path.Name));
        ReceiveAny(message =>
        {
            if (idOf(message) is not { } id)
            {
                return;
            }

            if (_held.TryGetValue(id, out var held))
            {
                held.Add((message, Sender));
            }
            else
            {
                Child(id, props).Forward(message);
            }
        });
    }

    public static Props Props(Func<string, Props> props, Func<object, string?> idOf, IActorRef watcher) =>
        Akka.Actor.Props.Create(() => new EntityRegion(props, idOf, watcher));

    private void Kill(string id)
    {
        if (Context.Child(id) is var child && !child.IsNobody())
        {
            _held.TryAdd(id, []);
            Context.Stop(child);
        }
    }

    private void OnEnded(string id)
    {
        _watcher.Tell(new Ended(id));
        if (_held.Remove(id, out var held))
        {
            held.ForEach(h => Self.Tell(h.Message, h.Sender));
        }
    }

    private static IActorRef Child(string id, Func<string, Props> props) =>
        Context.Child(id) is var child && child.IsNobody()
            ? Context.Watch(Context.ActorOf(props(id), id))
            : child;

    internal sealed record StopNow(string Id);

    internal sealed record KillNow(string Id);

    internal sealed record Ended(string Id);
}
