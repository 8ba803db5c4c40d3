using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using MlCluster.Messages;

namespace MlCluster.Node.Data;

/// <summary>
/// What entities have in common: events are durable before anybody is answered, a journal that cannot be written is
/// told to the caller, an entity with nothing unfinished leaves memory, events go when a later one stands for all of
/// them.
/// </summary>
internal abstract class EntityActor<TEvent> : JournaledActor
    where TEvent : IPersistedEvent
{
    private readonly TimeSpan _passivateAfter;
    private IActorRef _caller = ActorRefs.Nobody;
    private long _untrimmed;

    protected EntityActor(string persistenceId, TimeSpan passivateAfter)
    {
        PersistenceId = persistenceId;
        _passivateAfter = passivateAfter;
        Recover<TEvent>(OnReplayed);
        Recover<RecoveryCompleted>(_ => OnReplayedAll());
        Command<ReceiveTimeout>(_ => OnIdle());
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => Log.Warning(f.Cause, "Journal of {0} could not be trimmed", PersistenceId));
        Command<StopEntity>(_ => Context.Stop(Self));
    }

    /// <inheritdoc />
    public override string PersistenceId { get; }

    // What stands for earlier events is an event itself.
    /// <inheritdoc />
    public override Recovery Recovery { get; } = new(SnapshotSelectionCriteria.None);

    /// <summary>Events since the latest that stands alone, itself not counted.</summary>
    protected int EventsSinceTrim { get; private set; }

    /// <summary>True while the entity has to stay in memory.</summary>
    protected abstract bool IsBusy { get; }

    /// <summary>True for an event that says all that is still to be known of the entity.</summary>
    protected abstract bool StandsAlone(TEvent e);

    /// <summary>Folds an event into the state; nothing else.</summary>
    protected abstract void Apply(TEvent e);

    /// <summary>The state is what the journal says.</summary>
    protected virtual void OnRecovered() => Context.SetReceiveTimeout(_passivateAfter);

    /// <summary>Makes events durable and applies them, then goes on; at once when there are none.</summary>
    /// <param name="caller">Told when the journal cannot be written.</param>
    protected void Keep(IReadOnlyList<TEvent> events, IActorRef caller, Action then)
    {
        _caller = caller;
        if (events.Count == 0)
        {
            then();
            return;
        }

        var left = events.Count;
        PersistAll(events, e =>
        {
            Take(e);
            TrimBefore(e);
            if (--left == 0)
            {
                then();
            }
        });
    }

    /// <summary>
    /// Leaves memory at once. What comes meanwhile and what was stashed is for the entity's next life, which begins with
    /// nothing but the journal.
    /// </summary>
    /// <typeparam name="TCommand">What the region brings to entities.</typeparam>
    protected void Leave<TCommand>()
    {
        Context.Parent.Tell(new Passivate(StopEntity.Instance));
        Become(Leaving<TCommand>);
        Stash.UnstashAll();
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        var error = Unwritten(cause);
        Log.Error("{0} of {1}: {2}", @event.GetType().Name, PersistenceId, error.Reason);
        _caller.Tell(Refusal(error));
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Log.Error(cause, "{0} of {1} was refused by the journal", @event.GetType().Name, PersistenceId);
        _caller.Tell(Refusal(Unwritten(cause)));
        // What came after it in the same decision may be written: only the journal knows the state now.
        Context.Stop(Self);
    }

    private void Leaving<TCommand>()
    {
        Command<StopEntity>(_ => Context.Stop(Self));
        Command<TCommand>(command => Context.Parent.Forward(command));
        CommandAny(_ => { });
    }

    private void OnReplayed(TEvent e)
    {
        // The process ended before they were gone.
        _untrimmed = StandsAlone(e) && EventsSinceTrim > 0 ? LastSequenceNr - 1 : _untrimmed;
        Take(e);
    }

    private void OnReplayedAll()
    {
        if (_untrimmed > 0)
        {
            DeleteMessages(_untrimmed);
        }

        OnRecovered();
    }

    private void Take(TEvent e)
    {
        EventsSinceTrim = StandsAlone(e) ? 0 : EventsSinceTrim + 1;
        Apply(e);
    }

    private void TrimBefore(TEvent e)
    {
        if (StandsAlone(e) && LastSequenceNr > 1)
        {
            DeleteMessages(LastSequenceNr - 1);
        }
    }

    private void OnIdle()
    {
        if (!IsBusy)
        {
            Context.Parent.Tell(new Passivate(StopEntity.Instance));
        }
    }
}
