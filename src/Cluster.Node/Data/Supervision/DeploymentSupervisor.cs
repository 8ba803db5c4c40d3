using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Query;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Domain.Deployments;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Data.Supervision;

/// <summary>
/// Cluster singleton: knows from the journal what is unfinished and what is wanted, and wakes those entities at its
/// start, when the cluster changes and every few seconds. It decides nothing itself.
/// </summary>
internal sealed class DeploymentSupervisor : ReceiveActor, IWithTimers
{
    private const string IdentityName = "identity";
    private const string SweeperName = "journal-sweeper";
    private readonly SupervisorSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IdleWatch _idle;
    private AttentionFeed? _feed;
    private Offset _next = Offset.NoOffset();
    private DeploymentBook _book = DeploymentBook.Empty;
    private bool _isComplete;
    private bool _isBlind;
    private string _seen = "";
    private long _lastPoke;
    private string _clusterUuid = "";

    public DeploymentSupervisor(SupervisorSetup setup)
    {
        _setup = setup;
        _idle = new IdleWatch(setup, Context, _log);
        Receive<AttentionFeed>(OnOpened);
        Receive<AttentionBatch>(OnBatch);
        Receive<ModelForgotten>(forgotten => _book = _book.Forget(forgotten.ModelId));
        Receive<Status.Failure>(OnFailure);
        Receive<Poll>(_ => OnPoll());
        Receive<Tick>(_ => OnTick());
        Receive<NodeProfileReply>(answer => _idle.Take(answer, _book));
        Receive<IModelReply>(_ => { });
        Receive<ClusterNamed>(named => _clusterUuid = named.Uuid);
        Receive<GetDeployments>(_ => Sender.Tell(new DeploymentsReply(_isComplete && !_isBlind, _book.Deployments(), _clusterUuid)));
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SupervisorSetup setup) =>
        Akka.Actor.Props.Create(() => new DeploymentSupervisor(setup));

    /// <inheritdoc />
    protected override void PreStart()
    {
        _log.Info("Supervisor of deployments starts here");
        OnPoll();
        AskForIdentity();
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _setup.Options.Tick);
    }

    // Children that end are started again by the next tick or look, with what the journal says then.
    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnPoll()
    {
        if (_feed is { } feed)
        {
            _ = feed.ReadAsync(_next).PipeTo(Self);
        }
        else
        {
            var batch = _setup.Options.SupervisorBatch;
            _ = AttentionFeed.OpenAsync(Context.System, _setup.ReadJournal, batch).PipeTo(Self);
        }
    }

    private void OnOpened(AttentionFeed feed)
    {
        _feed = feed;
        OnPoll();
    }

    private void OnBatch(AttentionBatch batch)
    {
        _next = batch.Next;
        _book = batch.Events.Aggregate(_book, (book, e) => book.Apply(e));
        if (!batch.IsEnd)
        {
            OnPoll();
            return;
        }

        var isNews = batch.Events.Count > 0 || !_isComplete || _isBlind;
        _isComplete = true;
        See();
        StartSweeper();
        PollLater();
        if (isNews)
        {
            Poke();
        }
    }

    private void OnFailure(Status.Failure failure)
    {
        if (!_isBlind)
        {
            _isBlind = true;
            _log.Warning(
                "The journal cannot be read for unfinished work; trying again until it can: {0}",
                failure.Cause.Message);
        }

        PollLater();
    }

    // Not before the journal is read: of a task that is removed half-way the end could be missed.
    private void StartSweeper()
    {
        if (Context.Child(SweeperName).IsNobody())
        {
            Context.ActorOf(JournalSweeper.Props(_setup.Rows, _setup.Options, _setup.Time), SweeperName);
        }
    }

    private void See()
    {
        if (_isBlind)
        {
            _isBlind = false;
            _log.Info("The journal can be read again");
        }
    }

    private void PollLater() =>
        Timers.StartSingleTimer(nameof(Poll), Poll.Instance, _setup.Options.SupervisorPoll);

    // An actor that could not write to the journal has ended itself: its successor tries again.
    private void AskForIdentity()
    {
        if (_clusterUuid.Length == 0 && Context.Child(IdentityName).IsNobody())
        {
            Context.ActorOf(ClusterIdentityActor.Props(_setup.Time), IdentityName);
        }
    }

    private void OnTick()
    {
        AskForIdentity();
        var now = Now();
        if (_isComplete && !_isBlind)
        {
            _idle.Ask(_book, now);
        }

        var seen = $"{_setup.Settings.Current.Version}|{Fingerprint(_setup.Views.Current)}";
        if (seen != _seen || now - _lastPoke >= _setup.Options.SupervisorPoke.TotalMilliseconds)
        {
            _seen = seen;
            Poke();
        }
    }

    // Before the journal is read to its end, what looks unwanted may only be unread; while it cannot be read, entities
    // cannot wake. Of a node that ends, entities would be woken in the middle of their shards' hand-over, for which the
    // node would wait: the next supervisor looks anew.
    private void Poke()
    {
        if (!_isComplete || _isBlind || CoordinatedShutdown.Get(Context.System).ShutdownReason is not null)
        {
            return;
        }

        var view = _setup.Views.Current;
        var now = _lastPoke = Now();
        var served = view.Nodes.Values.SelectMany(n => n.Models).Select(m => m.ModelId).ToHashSet();
        var nodes = view.EligibleNodes.Select(n => n.PlacementUnder(_setup.Settings.Current)).ToList();
        var waiting = _book.NeedingAttention(m => ContextFor(m, view, now), served);
        foreach (var model in _book.InOrder(waiting, nodes, _setup.Limits.Placement))
        {
            _setup.Models.Tell(new ReconcileModel(model));
        }

        foreach (var task in _book.OpenTasks)
        {
            _setup.Tasks.Tell(new SweepTask(task));
        }
    }

    private ModelContext ContextFor(ModelId model, ClusterView view, long now) =>
        new(now, ClusterEye.FactsOf(view, model, _setup.Settings.Current), new HashSet<NodeId>(), null, _setup.Limits);

    // What a model's part in the plan may hang on.
    private static string Fingerprint(ClusterView view) => string.Join(
        '|',
        view.EligibleNodes
            .Select(n => string.Create(
                CultureInfo.InvariantCulture, $"{n.NodeId}:{n.Node.Incarnation}:{string.Join(',', ServedBy(n.Node))}"))
            .Order(StringComparer.Ordinal));

    private static IEnumerable<string> ServedBy(NodeDeployments node) =>
        node.Models.Select(m => m.ModelId.Value).Order(StringComparer.Ordinal);

    private long Now() => _setup.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Poll : INoSerializationVerificationNeeded
    {
        public static Poll Instance { get; } = new();
    }
}

/// <summary>What the supervisor uses.</summary>
/// <param name="Models">The models' region.</param>
/// <param name="Tasks">The tasks' region.</param>
/// <param name="ReadJournal">Config path of the journal that knows tags.</param>
internal sealed record SupervisorSetup(
    DataOptions Options,
    TimeProvider Time,
    IClusterViewSource Views,
    IActorRef Models,
    IActorRef Tasks,
    string ReadJournal,
    JournalRows Rows)
{
    /// <summary>Settings of the cluster; the node's own configuration holds where none is set.</summary>
    public IClusterSettings Settings { get; init; } = NoSettings.Instance;

    /// <summary>Limits as they are now.</summary>
    public ModelLimits Limits => Options.Limits.With(Settings.Current);
}
