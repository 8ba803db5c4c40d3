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

namespace MlCluster.Node.Ml;

/// <summary>The models of one ml node: obeys the ModelActors, keeps to the node's limits, says what it serves.</summary>
internal sealed partial class ModelHostActor : ReceiveActor, IWithTimers
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "model-host";

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<ModelId, HostedModel> _models = [];
    private readonly Dictionary<ModelId, long> _unloaded = [];
    private readonly HostSetup _setup;
    private readonly NodeReports _reports;

    public ModelHostActor(HostSetup setup)
    {
        _setup = setup;
        _reports = new NodeReports(setup.ModelRegion, Self);
        Receive<PredictRequest>(OnPredict);
        Receive<CancelPredict>(OnCancel);
        Receive<LoadModel>(OnLoad);
        Receive<UnloadModel>(OnUnload);
        Receive<GetNodeProfile>(OnGetProfile);
        Receive<NodeReportAcknowledged>(_reports.Acknowledge);
        Receive<RepeatReports>(_ => _reports.Repeat());
        Receive<TellProgress>(_ => OnTellProgress());
        Receive<RetryLoad>(_ => StartQueued());
        Receive<StageEntered>(OnStage);
        Receive<FetchProgressed>(OnFetched);
        Receive<ServiceBegan>(OnService);
        Receive<LoadFailed>(OnFailed);
        Receive<ServiceLost>(OnServiceLost);
        Receive<LoaderStopped>(stopped => OnGone(stopped.ModelId));
        Receive<Terminated>(OnTerminated);

        // Answers of TaskActors to progress; nothing waits for them.
        Receive<ITaskReply>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private NodeId NodeId => _setup.Local.Current!.NodeId;

    protected override void PreStart()
    {
        var options = _setup.Options;
        Timers.StartPeriodicTimer(nameof(RepeatReports), RepeatReports.Instance, options.ReportInterval);
        Timers.StartPeriodicTimer(nameof(TellProgress), TellProgress.Instance, options.ProgressInterval);

        // After a crash of this actor the loaders are gone: the routing must say so, or nobody would load again.
        PublishModels();
    }

    // A loader that throws is a fault of ours: its load counts as failed and is tried again.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnPredict(PredictRequest request)
    {
        if (_models.TryGetValue(request.ModelId, out var model) && model is { Entry: not null, Loader: { } loader })
        {
            loader.Forward(request);
        }
        else
        {
            Sender.Tell(NotServed.Reply(request));
        }
    }

    private void OnCancel(CancelPredict command) =>
        _models.GetValueOrDefault(command.ModelId)?.Loader?.Forward(command);

    private void OnLoad(LoadModel command)
    {
        if (_setup.Local.Current is { Draining: true })
        {
            return;
        }

        var known = _models.GetValueOrDefault(command.ModelId);
        switch (HostDecisions.OnLoad(known, _unloaded.GetValueOrDefault(command.ModelId), command))
        {
            case LoadStep.Report:
                Set(known! with { Command = command });
                Report(command.ModelId);
                break;
            case LoadStep.Start:
                Begin(command);
                break;
            case LoadStep.Replace:
                Set(known! with { Next = command });
                Drain(command.ModelId);
                break;
            case LoadStep.StartAfterDraining:
                Set(known! with { Next = command });
                break;
            case LoadStep.Ignore:
                _log.Debug("model {0}: command of plan {1} is out of date", command.ModelId, command.PlanVersion);
                break;
        }
    }

    private void Begin(LoadModel command)
    {
        var others = _models.Values.Count(m => m.Command.ModelId != command.ModelId && m.Stage != ModelStage.Failed);
        var reason = HostDecisions.Refuse(_setup.Options.Limits, others, FreeDiskBytes(command));
        Set(new HostedModel(command, ModelStage.Queued));
        if (reason is not null)
        {
            GiveUp(command.ModelId, reason);
            return;
        }

        Report(command.ModelId);
        StartQueued();
    }

    // A restarted node takes up again what it served: that costs no space, and nobody asked for it now.
    private long? FreeDiskBytes(LoadModel command) =>
        command.TaskId is null && _setup.IsCached(command.Sha256) ? null : _setup.FreeDiskBytes();

    private void StartQueued()
    {
        var room = _setup.Options.Limits.MaxConcurrentLoads - _models.Values.Count(IsLoading);
        foreach (var model in _models.Values.Where(IsReady).Take(Math.Max(0, room)).ToList())
        {
            var command = model.Command;
            _log.Info("model {0}, task {1}: loading on node {2}", command.ModelId, TaskOf(command), NodeId);
            var loader = Context.Watch(Context.ActorOf(_setup.Loader(command)));
            Set(model with { Loader = loader, Stage = ModelStage.Fetching });
        }
    }

    private static bool IsLoading(HostedModel model) =>
        model.Loader is not null && model.Stage is not (ModelStage.Serving or ModelStage.Draining);

    private bool IsReady(HostedModel model) =>
        model.Stage == ModelStage.Queued && !Timers.IsTimerActive(model.Command.ModelId);

    private void OnUnload(UnloadModel command)
    {
        var known = _models.GetValueOrDefault(command.ModelId);
        if (!HostDecisions.Obeys(known, command))
        {
            return;
        }

        _unloaded[command.ModelId] = Math.Max(_unloaded.GetValueOrDefault(command.ModelId), command.PlanVersion);
        _reports.Forget(command.ModelId);
        if (known is null)
        {
            Sender.Tell(new ModelUnloaded(command.ModelId, NodeId, command.PlanVersion, WasLoaded: false));
            return;
        }

        Set(known with { Unload = command, Next = null, Waiting = [.. known.Waiting, Sender] });
        Drain(command.ModelId);
    }

    private void Drain(ModelId id)
    {
        var model = _models[id];
        if (model.Loader is null)
        {
            OnGone(id);
            return;
        }

        Set(model with { Stage = ModelStage.Draining, Entry = null });

        // Nobody picks this node from here on; what is in flight finishes.
        PublishModels();
        model.Loader.Tell(StopLoader.Instance);
    }

    private void OnGone(ModelId id)
    {
        if (!_models.Remove(id, out var model))
        {
            return;
        }

        Timers.Cancel(id);
        _log.Info("model {0}: no longer on node {1}", id, NodeId);
        foreach (var waiting in model.Waiting)
        {
            var wasLoaded = model.Stage != ModelStage.Failed;
            waiting.Tell(new ModelUnloaded(id, NodeId, model.Unload!.PlanVersion, wasLoaded));
        }

        if (model.Next is { } next)
        {
            Begin(next);
        }

        StartQueued();
    }

    private void OnGetProfile(GetNodeProfile query)
    {
        var wanted = _models.Values.Where(m => query.ModelIds.Count == 0 || query.ModelIds.Contains(m.Command.ModelId));
        Sender.Tell(new NodeProfileReply(NodeId, [.. wanted.Select(m => m.Profile())]));
    }

    private void OnTellProgress()
    {
        foreach (var model in _models.Values.Where(m => m.Status == NodeDeploymentStatus.Loading))
        {
            if (model.Command.TaskId is { } task && model.Stage != ModelStage.Draining)
            {
                _setup.TaskRegion.Tell(new ReportProgress(task, model.Progress, model.Command.ModelId, NodeId));
            }
        }
    }

    private void PublishModels() =>
        _setup.Local.SetModels([.. _models.Values.Where(m => m.Entry is not null).Select(m => m.Entry!)]);

    private void Report(ModelId id)
    {
        var model = _models[id];
        var error = model.Stage == ModelStage.Failed ? model.Error : null;
        var incarnation = _setup.Local.Current!.Incarnation;
        _reports.Say(new ReportNodeDeployment(
            id, NodeId, incarnation, model.Command.PlanVersion, model.Status, error));
    }

    // Nobody waits for a load after a restart.
    private static string TaskOf(LoadModel command) => command.TaskId?.Value ?? "none";

    private void Set(HostedModel model) => _models[model.Command.ModelId] = model;

    private sealed record RepeatReports : INotInfluenceReceiveTimeout
    {
        public static RepeatReports Instance { get; } = new();
    }

    private sealed record TellProgress : INotInfluenceReceiveTimeout
    {
        public static TellProgress Instance { get; } = new();
    }

    private sealed record RetryLoad : INotInfluenceReceiveTimeout
    {
        public static RetryLoad Instance { get; } = new();
    }
}
