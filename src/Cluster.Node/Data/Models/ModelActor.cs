using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Pretrained;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>
/// The entity of one model. Every command is decided by <see cref="ModelDecisions"/>, persisted, applied, answered;
/// then the entity does what its state asks for (<see cref="ModelDuties"/>) until the state does not ask any more, so
/// that a restart anywhere goes on where it stopped.
/// </summary>
internal sealed class ModelActor : EntityActor<IModelEvent>, IWithTimers, IModelEntity
{
    private readonly ModelServices _services;
    private readonly TaskLedger _ledger;
    private readonly NodeCommands _nodes;
    private readonly RulesCourier _rules;
    private readonly ContentDesk _content;
    private readonly ClusterEye _eye;
    private readonly ModelWaiters _waiters = new();

    public ModelActor(ModelId id, ModelServices services)
        : base($"model-{id}", services.Options.PassivateAfter)
    {
        (Id, _services) = (id, services);
        _ledger = new TaskLedger(Context, id, services);
        _nodes = new NodeCommands(Context, id, services.Options.NodeRetry);
        _rules = new RulesCourier(Context, id, services.Options.NodeRetry);
        _content = new ContentDesk(this, Context, services);
        _eye = new ClusterEye(id, services);
        ReceiveCommands();
        ReceiveWordsOnContent();
        Command<Tick>(_ => OnTick());
    }

    /// <inheritdoc />
    public ModelId Id { get; }

    /// <inheritdoc />
    public ModelState State { get; private set; } = ModelState.Unknown;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    protected override bool IsBusy => ModelDuties.NeedsAttention(State, Id, See());

    public static Props Props(ModelId id, ModelServices services) =>
        Akka.Actor.Props.Create(() => new ModelActor(id, services));

    /// <inheritdoc />
    public ModelContext See() => _eye.Look(State) with
    {
        LastProgress = _content.LastProgress, RuledNodes = _rules.NodesAt(State),
    };

    /// <inheritdoc />
    public void Act(ModelDecision decision, Action? then = null)
    {
        var caller = Sender;
        Keep(decision.Events, caller, () =>
        {
            RegistrationCounts.Note(decision.Events, State, _services.Metrics);
            _waiters.Answer(decision.Answer, caller);
            then?.Invoke();
            Pursue();
        });
    }

    /// <inheritdoc />
    public void Pursue()
    {
        var context = See();
        _ledger.Pursue(State);
        _content.Settle();
        foreach (var duty in ModelDuties.Of(State, context))
        {
            Perform(duty, context);
        }

        _waiters.AnswerTasks(Id, t => _ledger.Exists(State, t), Self);
        _waiters.AnswerUndeployments(c => UndeploymentDecisions.AnswerOf(State, Id, c), Self);
        _waiters.AnswerUpdates(State, Self);
        KeepHouse(context);
        Wind();
    }

    // A child that breaks has told its caller; it is started again when the state asks for it.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        _content.Stop();
        base.PostStop();
    }

    protected override void OnRecovered()
    {
        base.OnRecovered();
        Self.Tell(Tick.Instance);
    }

    protected override bool StandsAlone(IModelEvent e) => e is ModelPurged or ModelSnapshotTaken;

    protected override void Apply(IModelEvent e) => State = ModelFold.Apply(State, e);

    protected override IClusterProtocol Refusal(ProtocolError error) => new ModelRejected(Id, error);

    private void ReceiveCommands()
    {
        Command<PrepareChunk>(c => Act(_content.NameWriter(ModelDecisions.Decide(State, c, See()))));
        Command<RegisterModel>(OnRegister);
        Command<RegisterModelMeta>(OnRegister);
        Command<DeployModel>(OnDeploy);
        Command<UndeployModel>(OnUndeploy);
        Command<IModelCommand>(c => Act(ModelDecisions.Decide(State, c, See())));
        Command<ModelUnloaded>(OnUnloaded);
        Command<ServingRulesApplied>(OnRulesApplied);
        Command<TaskTold>(OnTaskTold);
        Command<TaskDocument>(task => Act(OwedTaskDecisions.Told(State, Id, task, See())));
        // A client may delete a registration's task before its end.
        Command<TaskRejected>(_ => { });
    }

    private void ReceiveWordsOnContent()
    {
        Command<OfferChunk>(_content.OnOffer);
        Command<ChunkWritten>(_content.OnWritten);
        Command<ChunksPurged>(_content.OnPurged);
        Command<PretrainedFound>(_content.OnPretrainedFound);
        Command<DownloadProgressed>(_content.OnProgress);
        Command<DownloadWaits>(_ => _content.OnWaiting());
        Command<DownloadEnded>(_content.OnDownloadEnded);
        Command<ContentVerdict>(_content.OnVerdict);
        Command<CheckFailed>(_content.OnCheckFailed);
        Command<Terminated>(_content.OnTerminated);
    }

    private void Perform(Duty duty, ModelContext context)
    {
        if (duty is Duty.ApplyRules rules)
        {
            _rules.Send(rules, context.Now);
        }
        else if (!_content.Perform(duty))
        {
            _nodes.Send(State, duty, context.Now);
        }
    }

    // One thing a turn: what follows it pursues the next. Nobody waits for it.
    private void KeepHouse(ModelContext context)
    {
        var overdue = _waiters.OverdueUndeployment(State, context.Now, _services.Options.UndeployTimeout);
        var next = HousekeepingDecisions.Next(
            (State, Id), _ledger.Settled(State), _content.IsPurged, overdue, context);
        next = next.Events.Count > 0 ? next : ModelSnapshots.Next(State, Id, EventsSinceTrim, context);
        if (next.Events.Count > 0)
        {
            Keep(next.Events, ActorRefs.Nobody, () => GoOnAfter(next.Events[0]));
        }
    }

    // What is done once in an entity's life is to be done again for another model of the same id.
    private void GoOnAfter(IModelEvent housekeeping)
    {
        Pursue();
        if (housekeeping is ModelPurged)
        {
            _nodes.TellGone(_services.Views.Current);
            Leave<IWithModelId>();
        }
    }

    private void OnRegister(IModelCommand command)
    {
        var decision = ModelDecisions.Decide(State, command, See());
        if (decision.Answer == Answer.AfterPurge)
        {
            Stash.Stash();
        }
        else
        {
            Act(decision);
        }
    }

    private void OnDeploy(DeployModel command)
    {
        var context = See();
        foreach (var unknown in DeploymentDecisions.Unknown(command.NodeIds, context))
        {
            Log.Warning(
                "Model {0}, task {1}: node {2} is unknown or not eligible, dropped", Id, command.TaskId, unknown);
        }

        Act(ModelDecisions.Decide(State, command, context));
    }

    private void OnUndeploy(UndeployModel command)
    {
        var context = See();
        foreach (var unknown in UndeploymentDecisions.Unknown(State, command, context))
        {
            Log.Warning("Model {0}: undeploy names node {1}, which is unknown or not eligible, dropped", Id, unknown);
        }

        Act(ModelDecisions.Decide(State, command, context));
    }

    private void OnUnloaded(ModelUnloaded word) => Act(UndeploymentDecisions.Unloaded(
        State, Id, word.NodeId, (word.PlanVersion, word.WasLoaded), See()));

    private void OnRulesApplied(ServingRulesApplied word)
    {
        _rules.Applied(word);
        Pursue();
    }

    private void OnTaskTold(TaskTold told)
    {
        _ledger.Told(told.Step);
        _content.OnTaskTold(told.Step);
        Pursue();
    }

    private void OnTick()
    {
        var context = See();
        _ledger.AskAfter(State, context.Now);
        Act(ReconcileDecisions.Reconcile(State, Id, context));
    }

    private void Wind()
    {
        if (!IsBusy)
        {
            Timers.Cancel(nameof(Tick));
        }
        else if (!Timers.IsTimerActive(nameof(Tick)))
        {
            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _services.Options.Tick);
        }
    }
}
