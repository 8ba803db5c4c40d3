using Akka.Actor;
using Akka.Persistence;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>Writes events and ends.</summary>
internal sealed class EventWriter : ReceivePersistentActor
{
    public EventWriter(string persistenceId, string journal)
    {
        PersistenceId = persistenceId;
        JournalPluginId = journal;
        Command<IReadOnlyList<object>>(events =>
        {
            var left = events.Count;
            PersistAll(events, _ =>
            {
                if (--left == 0)
                {
                    Context.Stop(Self);
                }
            });
        });
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => Recovery.None;

    public static Props Props(string persistenceId, string journal) =>
        Akka.Actor.Props.Create(() => new EventWriter(persistenceId, journal));
}
