using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml;

/// <summary>
/// The models of one ml node: obeys the ModelActors, keeps to the node's limits, says what it serves.
/// </summary>
internal sealed class ModelHostActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "model-host";

    // A command is seldom late by more than the next few; a node has about ten models.
    private const int UnloadsRemembered = 1000;

    // Of each model: a queue holds far more, and all of them would not fit into a message.
    private const int MostPredictions = 1000;

    // Far more than a command is late, and less than a deployment waits for its nodes.
    private static readonly TimeSpan UnloadsCount = TimeSpan.FromMinutes(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<ModelId, LoadModel> _early = [];
    private readonly UnloadedPlans _unloaded;
    private readonly HostSetup _setup;
    private readonly NodeReports _reports;
    private readonly HostedModels _models;
    private readonly LoadStarter _starter;
    private readonly LoadAdmission _admission;
    private readonly LoaderWords _words;

    public ModelHostActor(HostSetup setup)
    {
        _setup = setup;
        _unloaded = new UnloadedPlans(UnloadsRemembered, UnloadsCount, setup.Time);
        _reports = new NodeReports(setup.ModelRegion, Self);
        _models = new HostedModels(setup, _reports);
        _starter = new LoadStarter(_models, setup, Context, () => Timers);
        _admission = new LoadAdmission(_models, _starter, setup, _log, Self);
        _words = new LoaderWords(_models, _starter, setup, _log, OnGone, TrimCache);
        Receive<PredictRequest>(OnPredict);
        Receive<CancelPredict>(OnCancel);
        Receive<LoadModel>(OnLoad);
        Receive<UnloadModel>(OnUnload);
        Receive<ApplyServingRules>(OnRules);
        Receive<GetNodeProfile>(OnGetProfile);
        Receive<NodeReportAcknowledged>(_reports.Acknowledge);
        Receive<RepeatReports>(_ => _reports.Repeat());
        Receive<TellProgress>(_ => _models.TellProgress());
        Receive<ContentLookedUp>(_admission.OnLookedUp);
        Receive<CacheTrimmed>(OnCacheTrimmed);
        Receive<RetryLoad>(_ => _starter.StartQueued());
        Receive<LimitsChanged>(_ => _starter.StartQueued());
        Receive<DevicesKnown>(_ => LoadEarly());
        FromLoader<StageEntered>(_words.OnStage);
        FromLoader<FetchProgressed>(_words.OnFetched);
        FromLoader<ContentMeasured>(_admission.OnMeasured);
        FromLoader<ServiceBegan>(_words.OnService);
        FromLoader<LoadFailed>(_words.OnFailed);
        FromLoader<ServiceLost>(_words.OnServiceLost);
        FromLoader<LoaderStopped>((_, stopped) => OnGone(stopped.ModelId));
        Receive<Terminated>(OnTerminated);

        // Answers of TaskActors to progress; nothing waits for them.
        Receive<ITaskReply>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var options = _setup.Options;
        Timers.StartPeriodicTimer(nameof(RepeatReports), RepeatReports.Instance, options.ReportInterval);
        Timers.StartPeriodicTimer(nameof(TellProgress), TellProgress.Instance, options.ProgressInterval);

        // After a crash of this actor the loaders are gone: the routing must say so, or nobody would load again.
        _models.Publish();

        // The limit may be another one than before the restart.
        TrimCache();
    }

    // A loader that throws is a fault of ours: its load counts as failed and is tried again.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    // A loader that was replaced may still speak.
    private void FromLoader<TReport>(Action<HostedModel, TReport> handle)
        where TReport : LoaderReport =>
        Receive<TReport>(report =>
        {
            if (_models.Find(report.ModelId) is { } model && Sender.Equals(model.Loader))
            {
                handle(model, report);
            }
        });

    private void OnPredict(PredictRequest request)
    {
        if (_models.Find(request.ModelId) is { Entry: not null, Loader: { } loader })
        {
            loader.Forward(request);
        }
        else
        {
            Sender.Tell(NotServed.Reply(request));
        }
    }

    private void OnCancel(CancelPredict command) => _models.Find(command.ModelId)?.Loader?.Forward(command);

    private void OnLoad(LoadModel command)
    {
        switch (_setup.Local.Current)
        {
            case { Draining: true }:
                return;
            case not { Capacity: not null }:
                // Before the engine is up nobody knows what fits.
                _early[command.ModelId] =
                    _early.GetValueOrDefault(command.ModelId) is { } newer && newer.PlanVersion > command.PlanVersion
                        ? newer
                        : command;
                return;
        }

        var known = _models.Find(command.ModelId);
        switch (HostDecisions.OnLoad(known, _unloaded.NewestOf(command.ModelId), command))
        {
            case LoadStep.Report:
                _models.Set(known! with { Command = command });
                ApplyRules(command.ModelId, command.Rules);
                _models.Report(command.ModelId);
                break;
            case LoadStep.Start:
                _admission.Begin(command);
                break;
            case LoadStep.Replace:
                Drain(known! with { Next = command });
                break;
            case LoadStep.StartAfterDraining:
                _models.Set(known! with { Next = command });
                break;
            case LoadStep.Ignore:
                _log.Debug("model {0}: command of plan {1} is out of date", command.ModelId, command.PlanVersion);
                break;
        }
    }

    // The newest of each model; what was taken away since is out of date by its plan.
    private void LoadEarly()
    {
        foreach (var command in _early.Values)
        {
            OnLoad(command);
        }

        _early.Clear();
    }

    // Removing many files takes long. It is housekeeping: what the file system says against it takes nothing along.
    private void TrimCache() => _ = DedicatedThread
        .RunAsync("trim cache", () =>
        {
            _setup.TrimCache();
            return CacheTrimmed.Done;
        })
        .PipeTo(Self, failure: e => new CacheTrimmed(e.GetBaseException().Message));

    private void OnCacheTrimmed(CacheTrimmed trimmed)
    {
        if (trimmed.Problem is { } problem)
        {
            _log.Warning(
                "node {0}: the cache of models could not be trimmed, the next load or unload tries again: {1}",
                _models.NodeId, problem);
        }
    }

    private void OnUnload(UnloadModel command)
    {
        var known = _models.Find(command.ModelId);
        if (!HostDecisions.Obeys(known, command))
        {
            return;
        }

        _unloaded.Remember(command.ModelId, command.PlanVersion);
        _reports.Forget(command.ModelId);
        if (known is null)
        {
            Sender.Tell(new ModelUnloaded(command.ModelId, _models.NodeId, command.PlanVersion, WasLoaded: false));
            return;
        }

        _setup.Counter(known.Command, ActionNames.Undeploy).Request();

        // A repeat may come after the load that followed it.
        var next = known.Next?.PlanVersion > command.PlanVersion ? known.Next : null;
        Drain(known with { Unload = command, Next = next, Waiting = [.. known.Waiting, Sender] });
    }

    // Where the model is not, it will be loaded with its rules; where its load waits, that came with older ones.
    private void OnRules(ApplyServingRules command)
    {
        if (_early.TryGetValue(command.ModelId, out var early))
        {
            _early[command.ModelId] = HostDecisions.WithRules(early, command.Rules)!;
        }

        if (_models.Find(command.ModelId) is { } known)
        {
            _models.Set(known with { Next = HostDecisions.WithRules(known.Next, command.Rules) });
            ApplyRules(command.ModelId, command.Rules);
        }

        Sender.Tell(new ServingRulesApplied(command.ModelId, _models.NodeId, command.Rules.Version));
    }

    // Gateways find in the routing that there is something to hold predictions against.
    private void ApplyRules(ModelId id, ServingRules? rules)
    {
        _setup.Gates.Apply(id, rules);
        var version = _setup.Gates.Of(id).InterfaceVersion;
        if (_models.Find(id) is { Entry: { } entry } model && entry.InterfaceVersion != version)
        {
            _models.Set(model with { Entry = entry with { InterfaceVersion = version } });
            _models.Publish();
        }
    }

    private void Drain(HostedModel model)
    {
        if (model.Loader is null)
        {
            _models.Set(model);
            OnGone(model.Command.ModelId);
            return;
        }

        _models.Set(model with { Stage = ModelStage.Draining, Entry = null });

        // Nobody picks this node from here on; what is in flight finishes.
        _models.Publish();
        model.Loader.Tell(StopLoader.Instance);
    }

    private void OnGone(ModelId id)
    {
        if (_models.Find(id) is not { } model)
        {
            return;
        }

        _models.Remove(id);
        _starter.Forget(id);
        _setup.Gates.Remove(id);
        _log.Info("model {0}: no longer on node {1}", id, _models.NodeId);
        foreach (var waiting in model.Waiting)
        {
            var wasLoaded = model.Stage != ModelStage.Failed;
            waiting.Tell(new ModelUnloaded(id, _models.NodeId, model.Unload!.PlanVersion, wasLoaded));
        }

        if (model.Next is { } next)
        {
            _admission.Begin(next);
        }

        _starter.StartQueued();
    }

    private void OnTerminated(Terminated terminated)
    {
        if (_models.All.FirstOrDefault(m => terminated.ActorRef.Equals(m.Loader)) is { } model)
        {
            var id = model.Command.ModelId;
            _words.OnFailed(
                model, new LoadFailed(id, "its loader failed; see the log", MayPass: true, ThreadLost: false));
        }

        // Only now nobody uses its content.
        TrimCache();
    }

    private void OnGetProfile(GetNodeProfile query)
    {
        var wanted = _models.All.Where(m => query.ModelIds.Count == 0 || query.ModelIds.Contains(m.Command.ModelId));
        var most = query.WithPredictions ? MostPredictions : 0;
        Sender.Tell(new NodeProfileReply(_models.NodeId, [.. wanted.Select(m => m.Profile(most))]));
    }

    /// <param name="Problem">Why it could not be done; null: it was.</param>
    private sealed record CacheTrimmed(string? Problem) : INoSerializationVerificationNeeded
    {
        public static CacheTrimmed Done { get; } = new(Problem: null);
    }

    /// <summary>Settings have changed: more loads may be allowed at once.</summary>
    internal sealed record LimitsChanged : INotInfluenceReceiveTimeout
    {
        public static LimitsChanged Instance { get; } = new();
    }

    /// <summary>The node has published what it has room for.</summary>
    internal sealed record DevicesKnown : INotInfluenceReceiveTimeout
    {
        public static DevicesKnown Instance { get; } = new();
    }

    private sealed record RepeatReports : INotInfluenceReceiveTimeout
    {
        public static RepeatReports Instance { get; } = new();
    }

    private sealed record TellProgress : INotInfluenceReceiveTimeout
    {
        public static TellProgress Instance { get; } = new();
    }
}
