using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>
/// The entity of one model. Every command is decided by <see cref="ModelDecisions"/>, persisted, applied, answered; then
/// the entity does what its state asks for (<see cref="ModelDuties"/>) until the state does not ask any more, so that a
/// restart anywhere goes on where it stopped.
/// </summary>
internal sealed class ModelActor : ReceivePersistentActor, IWithTimers
{
    private readonly ModelId _id;
    private readonly ModelServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly TaskLedger _ledger;
    private readonly NodeCommands _nodes;
    private readonly ContentKeeper _content;
    private readonly ClusterEye _eye;
    private readonly ModelWaiters _waiters = new();
    private bool _downloadAsked;
    private IActorRef _caller = ActorRefs.Nobody;
    private ModelState _state = ModelState.Unknown;

    public ModelActor(ModelId id, ModelServices services)
    {
        _id = id;
        _services = services;
        _ledger = new TaskLedger(Context, id, services);
        _nodes = new NodeCommands(Context, id, services.Options.NodeRetry);
        _content = new ContentKeeper(Context, id, services);
        _eye = new ClusterEye(id, services);
        Recover<IModelEvent>(e => _state = ModelFold.Apply(_state, e));
        Recover<RecoveryCompleted>(_ => OnRecovered());
        Command<PrepareChunk>(OnPrepareChunk);
        Command<DeployModel>(OnDeploy);
        Command<IModelCommand>(c => Act(ModelDecisions.Decide(_state, c, See())));
        Command<ModelUnloaded>(OnUnloaded);
        Command<OfferChunk>(OnOffer);
        Command<ChunkWritten>(OnWritten);
        Command<ChunksPurged>(OnChunksPurged);
        Command<DownloadProgressed>(OnProgress);
        Command<DownloadEnded>(OnDownloadEnded);
        Command<ContentVerdict>(v => Act(ChunkDecisions.Checked(_state, _id, v, See())));
        Command<CheckFailed>(OnCheckFailed);
        Command<TaskTold>(OnTaskTold);
        Command<Terminated>(OnTerminated);
        Command<TaskDocument>(task => Act(OwedTaskDecisions.Told(_state, _id, task, See())));
        Command<TaskRejected>(_ => { });
        Command<Tick>(_ => OnTick());
        Command<ReceiveTimeout>(_ => OnIdle());
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => _log.Warning(f.Cause, "Journal of model {0} could not be trimmed", _id));
        Command<StopEntity>(_ => Context.Stop(Self));
    }

    /// <inheritdoc />
    public override string PersistenceId => $"model-{_id}";

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ModelId id, ModelServices services) =>
        Akka.Actor.Props.Create(() => new ModelActor(id, services));

    // A child that breaks has told its caller; it is started again when the state asks for it.
    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc />
    protected override void PostStop()
    {
        _content.Stop();
        base.PostStop();
    }

    /// <inheritdoc />
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "{0} of model {1} could not be written", @event.GetType().Name, _id);
        _caller.Tell(Unwritten(cause));
    }

    /// <inheritdoc />
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "{0} of model {1} was refused by the journal", @event.GetType().Name, _id);
        _caller.Tell(Unwritten(cause));
        // What came after it in the same decision may be written: only the journal knows the state now.
        Context.Stop(Self);
    }

    private void OnRecovered()
    {
        Context.SetReceiveTimeout(_services.Options.PassivateAfter);
        Self.Tell(Tick.Instance);
    }

    private ModelRejected Unwritten(Exception cause) =>
        new(_id, new ProtocolError(ErrorCode.Unavailable, $"the journal could not be written: {cause.Message}"));

    private ModelContext See() => _eye.Look(_state) with { LastProgress = _content.LastProgress };

    private long Now() => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Persist → apply → answer → do what the state asks for.</summary>
    private void Act(ModelDecision decision, Action? then = null)
    {
        var sender = Sender;
        _caller = sender;
        if (decision.Events.Count == 0)
        {
            Conclude(decision.Answer, sender, then);
            return;
        }

        var left = decision.Events.Count;
        PersistAll(decision.Events, e =>
        {
            _state = ModelFold.Apply(_state, e);
            if (--left == 0)
            {
                Conclude(decision.Answer, sender, then);
            }
        });
    }

    private void Conclude(Answer answer, IActorRef sender, Action? then)
    {
        switch (answer)
        {
            case Answer.Now now:
                sender.Tell(now.Reply);
                break;
            case Answer.WhenTaskExists wait:
                _waiters.AwaitTask(wait.TaskId, sender);
                break;
            case Answer.WhenUndeployed wait:
                _waiters.AwaitUndeployment(wait.CommandId, sender);
                break;
        }

        then?.Invoke();
        Pursue();
    }

    private void Pursue()
    {
        var context = See();
        _ledger.Pursue(_state);
        _content.Release(_state, context.Now);
        foreach (var duty in ModelDuties.Of(_state, context))
        {
            Perform(duty, context);
        }

        _waiters.AnswerTasks(_id, t => _ledger.Exists(_state, t), Self);
        _waiters.AnswerUndeployments(c => UndeploymentDecisions.AnswerOf(_state, _id, c), Self);
        PersistNext(context);
        Wind(context);
    }

    private void Perform(Duty duty, ModelContext context)
    {
        switch (duty)
        {
            case Duty.Download:
                Download(context);
                break;
            case Duty.CheckContent:
                _content.StartCheck(_state, knownSha256: null, context.Now);
                break;
            case Duty.Purge:
                _content.Purge();
                break;
            default:
                _nodes.Send(_state, duty, context.Now);
                break;
        }
    }

    // One thing a turn: the callback pursues the next.
    private void PersistNext(ModelContext context)
    {
        if (_ledger.Settled(_state).Cast<TaskId?>().FirstOrDefault() is { } task)
        {
            _caller = ActorRefs.Nobody;
            Persist(new TaskSettled(_id, task, context.Now), e =>
            {
                _state = ModelFold.Apply(_state, e);
                _ledger.Forget(task);
                Pursue();
            });
        }
        else if (_state is { Phase: ModelPhase.Gone, Tasks.Count: 0 } && _content.IsPurged)
        {
            _caller = ActorRefs.Nobody;
            var purged = new ModelPurged(_id, _state.Origin?.TaskId, _state.DeletedBy, _state.Version, context.Now);
            Persist(purged, e =>
            {
                _state = ModelFold.Apply(_state, e);
                // The tombstone alone stays, so that a repeated command is still answered.
                DeleteMessages(LastSequenceNr - 1);
                Pursue();
            });
        }
        else
        {
            GiveUpUndeployments(context);
        }
    }

    private void GiveUpUndeployments(ModelContext context)
    {
        var timeout = (long)_services.Options.UndeployTimeout.TotalMilliseconds;
        if (_waiters.OverdueUndeployment(_state, context.Now, timeout) is { } command)
        {
            Act(UndeploymentDecisions.GiveUp(_state, _id, command, context));
        }
    }

    private void Download(ModelContext context)
    {
        // Once in this entity's life: it ends with a registered model or none.
        if (_downloadAsked)
        {
            return;
        }

        _downloadAsked = true;
        Act(RegistrationDecisions.StartDownload(_state, _id, context), StartDownload);
    }

    private void StartDownload()
    {
        if (_state is { Phase: ModelPhase.Downloading, Origin: { } origin })
        {
            _log.Info("Model {0}: download of {1} begins, attempt {2}", _id, origin.Url, origin.Attempts);
            _content.StartDownload(origin.Url, Now());
        }
    }

    private void OnDeploy(DeployModel command)
    {
        var context = See();
        foreach (var unknown in DeploymentDecisions.Unknown(command.NodeIds, context))
        {
            _log.Warning("Model {0}, task {1}: node {2} is unknown or not eligible, dropped", _id, command.TaskId, unknown);
        }

        Act(ModelDecisions.Decide(_state, command, context));
    }

    private void OnPrepareChunk(PrepareChunk command)
    {
        var decision = ModelDecisions.Decide(_state, command, See());
        Act(decision.Answer is Answer.Now { Reply: ChunkWriterReady }
            ? ModelDecision.Reply(new ChunkWriterReady(_id, PathOf(_content.Writer)))
            : decision);
    }

    private static string PathOf(IActorRef actor) =>
        actor.Path.ToStringWithAddress(((ExtendedActorSystem)Context.System).Provider.DefaultAddress);

    private void OnUnloaded(ModelUnloaded word) => Act(UndeploymentDecisions.Unloaded(
        _state, _id, word.NodeId, (word.PlanVersion, word.WasLoaded), See()));

    private void OnOffer(OfferChunk offer)
    {
        var verdict = offer.Downloaded
            ? ChunkDecisions.OfferDownloaded(_state)
            : ChunkDecisions.Offer(_state, offer.Number, offer.LengthBytes, offer.Sha256, _services.Options.Limits);
        Sender.Tell(new ChunkOffered(offer.Offer, ChunkDecisions.IfRoom(verdict, offer.LengthBytes, See())));
    }

    private void OnWritten(ChunkWritten written) => Act(
        ChunkDecisions.Stored(_state, _id, written.Chunk, See()),
        () => _content.Recorded(written.Offer, written.Chunk, _state, Now()));

    private void OnChunksPurged(ChunksPurged word)
    {
        _content.Purged(word);
        if (word.Error is null)
        {
            Pursue();
        }
        else
        {
            _log.Warning(word.Error, "Chunks of model {0} could not be removed; trying again", _id);
        }
    }

    private void OnTick()
    {
        _ledger.AskAfter(_state, Now());
        Act(ReconcileDecisions.Reconcile(_state, _id, See()));
    }

    private void OnProgress(DownloadProgressed progress)
    {
        _content.Moved(progress.Bytes, Now());
        // Of an unknown length each byte counts as little as it would in the biggest archive.
        var of = progress.OfBytes is > 0 and { } announced ? announced : _services.Options.Limits.MaxModelBytes;
        TellProgress((float)progress.Bytes / of);
    }

    // The rest is the check of the archive; 1 is for what is finished.
    private void TellProgress(float fraction)
    {
        if (_state.Origin is { } origin)
        {
            _services.Tasks.Tell(new ReportProgress(origin.TaskId, Math.Min(fraction, 0.99f), _id));
        }
    }

    private void OnDownloadEnded(DownloadEnded ended)
    {
        _content.DownloadDone(Now());
        if (_state.Phase != ModelPhase.Downloading)
        {
            // It ended while it was being stopped: the model has gone.
            return;
        }

        if (ended.Content is null)
        {
            Act(RegistrationDecisions.Fail(_state, _id, ended.Error ?? "the download failed", See()));
            return;
        }

        _content.StartCheck(_state, ended.Content.Sha256, Now());
    }

    private void OnCheckFailed(CheckFailed failed)
    {
        if (!_state.Exists)
        {
            return;
        }

        _log.Warning(failed.Cause, "Content of model {0} could not be checked", _id);
        _content.CheckFaulted(failed, Now());
        Act(RegistrationDecisions.Fail(_state, _id, failed.Cause.Message, See()));
    }

    private void OnTaskTold(TaskTold told)
    {
        _ledger.Told(told.Step);
        if (told.Step.Creates && told.Step.TaskId == _state.Origin?.TaskId && _state.Exists)
        {
            TellProgress(0);
        }

        Pursue();
    }

    private void OnTerminated(Terminated ended)
    {
        if (_content.Ended(ended.ActorRef))
        {
            Act(RegistrationDecisions.Fail(_state, _id, "the download ended without a word; see the node's log", See()));
        }
        else
        {
            Pursue();
        }
    }

    private void Wind(ModelContext context)
    {
        if (!ModelDuties.NeedsAttention(_state, _id, context))
        {
            Timers.Cancel(nameof(Tick));
        }
        else if (!Timers.IsTimerActive(nameof(Tick)))
        {
            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _services.Options.Tick);
        }
    }

    private void OnIdle()
    {
        if (!ModelDuties.NeedsAttention(_state, _id, See()))
        {
            Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(StopEntity.Instance));
        }
    }
}
