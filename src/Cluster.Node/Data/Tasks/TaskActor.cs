using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Tasks;

namespace MlCluster.Node.Data.Tasks;

/// <summary>The entity of one task: what <see cref="TaskDecisions"/> decides becomes durable, then it answers.</summary>
internal sealed class TaskActor : ReceivePersistentActor
{
    private readonly TaskId _id;
    private readonly DataOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private TaskState _state = TaskState.Unknown;
    private IActorRef _caller = ActorRefs.Nobody;

    public TaskActor(TaskId id, DataOptions options, TimeProvider time)
    {
        _id = id;
        _options = options;
        _time = time;
        Recover<ITaskEvent>(e => _state = TaskFold.Apply(_state, e));
        Recover<RecoveryCompleted>(_ => OnRecovered());
        Command<ITaskCommand>(OnCommand);
        Command<ReceiveTimeout>(_ => OnIdle());
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => _log.Warning(f.Cause, "Journal of task {0} could not be trimmed", _id));
        Command<StopEntity>(_ => Context.Stop(Self));
    }

    /// <inheritdoc />
    public override string PersistenceId => $"task-{_id}";

    public static Props Props(TaskId id, DataOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new TaskActor(id, options, time));

    /// <inheritdoc />
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "{0} of task {1} could not be written", @event.GetType().Name, _id);
        _caller.Tell(Unwritten(cause));
    }

    /// <inheritdoc />
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "{0} of task {1} was refused by the journal", @event.GetType().Name, _id);
        _caller.Tell(Unwritten(cause));
        Context.Stop(Self);
    }

    // Nobody knows how long ago the last sign of life was, so the deadline begins anew.
    private void OnRecovered()
    {
        Context.SetReceiveTimeout(_options.PassivateAfter);
        _state = _state with { LastActivity = Now() };
    }

    private TaskRejected Unwritten(Exception cause) =>
        new(_id, new ProtocolError(ErrorCode.Unavailable, $"the journal could not be written: {cause.Message}"));

    private void OnCommand(ITaskCommand command)
    {
        var sender = Sender;
        _caller = sender;
        var decision = TaskDecisions.Decide(_state, command, Now(), _options.Limits.TaskTimeout);
        _state = decision.Live;
        if (decision.Events.Count == 0)
        {
            Reply(sender, decision.Reply);
            return;
        }

        var left = decision.Events.Count;
        PersistAll(decision.Events, e =>
        {
            _state = TaskFold.Apply(_state, e);
            if (--left == 0)
            {
                Conclude(e, sender, decision.Reply);
            }
        });
    }

    private void Conclude(ITaskEvent last, IActorRef sender, IWithTaskId? reply)
    {
        Reply(sender, reply);
        switch (last)
        {
            case TaskFinished end:
                LogEnd(end);
                break;
            case TaskDeleted:
                // The tombstone alone stays: late words about the task are still accepted and dropped.
                DeleteMessages(LastSequenceNr - 1);
                break;
        }
    }

    private void LogEnd(TaskFinished end)
    {
        if (end.Error is null)
        {
            _log.Info("Task {0} of model {1}: {2}", _id, _state.Created?.OwnerId, end.Status);
        }
        else
        {
            _log.Warning("Task {0} of model {1}: {2}, {3}", _id, _state.Created?.OwnerId, end.Status, end.Error);
        }
    }

    private static void Reply(IActorRef sender, IWithTaskId? reply)
    {
        if (reply is not null)
        {
            sender.Tell(reply);
        }
    }

    private void OnIdle()
    {
        if (!_state.IsOpen)
        {
            Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(StopEntity.Instance));
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
