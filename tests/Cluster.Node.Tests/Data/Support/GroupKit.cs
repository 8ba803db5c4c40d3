using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Node.Data.Groups;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>Model groups and their names on a data node.</summary>
public abstract class GroupKit : ModelKit
{
    private IActorRef? _groups;

    private protected GroupKit(ITestDatabase database)
        : base(database)
    {
    }

    private protected IActorRef Groups => _groups ??= Sys.ActorOf(EntityRegion.Props(
        id => GroupEntities.PropsOf(id, Options, Time), GroupEntities.IdOf, Watcher));

    /// <summary>Sends a message to a group or a name and waits for its answer.</summary>
    private protected T AskGroup<T>(IModelGroupMessage message)
    {
        var caller = CreateTestProbe();
        Groups.Tell(message, caller);
        return caller.ExpectMsg<T>(Patience, $"{typeof(T).Name} for {message.GetType().Name}");
    }
}
