using Akka.Actor;
using Akka.Event;
using MlCluster.Inference;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Serving;

namespace MlCluster.Node.Ml.Loading;

/// <summary>Brings one model into service on this node and takes it out again.</summary>
/// <remarks>
/// <code>
/// Fetching ─► Admitting ─► Verifying ─► Rehearsing ─► Loading ─► Warming ─► Serving ─► Draining ─► gone
///                └── content is cached ─────▲            │          │          │  ▲
///    any failure: LoadFailed, gone ◄─────────────────────┴──────────┘          │  └ PredictRequest, CancelPredict
///    StopLoader before Serving: the step is cancelled, Draining                └ ServiceLost, gone
/// </code>
/// Draining waits for the step that was cancelled. Loading cannot be: its memory is in use until the native code is
/// through, or its thread is given up.
/// Admitting is the wait for the host, which is told what the content takes.
/// The long steps run outside (<see cref="LoadWork"/>) and come back as messages.
/// </remarks>
internal sealed class LoaderActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _cancel = new();
    private readonly LoadModel _command;
    private readonly LoaderServices _services;
    private readonly LoadWork _work;
    private RehearsedPackage? _rehearsed;
    private Task<IServedModel>? _loading;
    private IServedModel? _served;
    private PredictAnswerer? _answerer;
    private ServingMonitor? _monitor;
    private bool _isLoading;

    public LoaderActor(LoadModel command, LoaderServices services)
    {
        _command = command;
        _services = services;
        _work = new LoadWork(command, services);
        Fetching();
    }

    protected override void PreStart()
    {
        var (self, host, id) = (Self, Context.Parent, _command.ModelId);
        _isLoading = true;
        _services.Metrics.Loads.Enter();
        Enter(
            ModelStage.Fetching,
            Fetching,
            _work.OpenAsync(share => host.Tell(new FetchProgressed(id, share), self), _cancel.Token));
    }

    protected override void PostStop()
    {
        LeaveService();
        EndCounts();

        // However the actor ended, also by a fault of its own or of its parent, and in the middle of loading.
        _ = GiveBackAsync();
        _cancel.Cancel();
        _cancel.Dispose();
        _work.Dispose();
    }

    private void Fetching()
    {
        Receive<OpenedContent>(opened =>
        {
            Become(() => Admitting(opened));
            Context.Parent.Tell(new ContentMeasured(_command.ModelId, opened.Size, opened.FreeDiskBytes));
        });
        WhileLoading();
    }

    private void Admitting(OpenedContent opened)
    {
        Receive<ContentAdmitted>(_ =>
        {
            if (opened.ArchiveFile is { } archive)
            {
                Enter(ModelStage.Verifying, Verifying, _work.UnpackAsync(archive, _cancel.Token));
            }
            else
            {
                Rehearse(opened.Content!);
            }
        });
        Receive<ContentRefused>(refused => End(new LoadFailed(
            _command.ModelId, refused.Refusal.Reason, MayPass: false, ThreadLost: false, refused.Refusal.NoRoom)));
        WhileLoading();
    }

    private void Verifying()
    {
        Receive<CachedContent>(Rehearse);
        WhileLoading();
    }

    private void Rehearse(CachedContent content) =>
        Enter(ModelStage.Rehearsing, Rehearsing, _work.RehearseAsync(content, _cancel.Token));

    private void Rehearsing()
    {
        Receive<RehearsedPackage>(rehearsed =>
        {
            _rehearsed = rehearsed;
            _loading = _work.LoadAsync(rehearsed, _cancel.Token);
            Enter(ModelStage.Loading, Loading, _loading);
        });
        WhileLoading();
    }

    private void Loading()
    {
        Receive<IServedModel>(served =>
        {
            _served = served;
            Enter(ModelStage.Warming, Warming, WarmAsync(_work, served, _cancel.Token));
        });
        WhileLoading();
    }

    private void Warming()
    {
        Receive<Warmed>(_ => BeginService(_served!, _rehearsed!));
        WhileLoading();
    }

    private void BeginService(IServedModel served, RehearsedPackage rehearsed)
    {
        var options = _services.Options;
        var monitor = _monitor = new ServingMonitor(
            served,
            options.Serving.Workers,
            _services.KeptTimes,
            _services.Metrics,
            new MonitoredModel(_command.ModelId, _command.Spec.FunctionName),
            _services.Time);
        EndLoad();
        _answerer = new PredictAnswerer(
            served, _command.Spec.FunctionName, monitor, _services.InFlight, _services.Time)
        {
            Gate = _services.Gates.Of(_command.ModelId),
        };
        _services.Local.Add(_command.ModelId, _answerer);
        _ = served.Failure.PipeTo(Self, success: reason => new TurnedBad(reason));
        Become(Serving);
        var entry = ServedModelEntry.Of(_command, rehearsed, served);
        Context.Parent.Tell(new ServiceBegan(_command.ModelId, entry, monitor));
    }

    private void Serving()
    {
        Receive<PredictRequest>(request => _ = _answerer!
            .AnswerAsync(request, _services.MaxReplyBytes, CancellationToken.None).PipeTo(Sender, Self));
        Receive<CancelPredict>(OnCancel);
        Receive<StopLoader>(_ => Drain());
        Receive<TurnedBad>(OnTurnedBad);
    }

    private void Draining()
    {
        Receive<PredictRequest>(RefuseRequest);
        Receive<CancelPredict>(OnCancel);
        Receive<Drained>(_ => End(new LoaderStopped(_command.ModelId)));
        Receive<TurnedBad>(_ => { });
        Receive<StopLoader>(_ => { });

        // The step that was cancelled has ended, in whatever way.
        Receive<ContentAdmitted>(_ => Drain());
        Receive<ContentRefused>(_ => Drain());
        Receive<IServedModel>(_ => Drain());
        Receive<OpenedContent>(_ => Drain());
        Receive<CachedContent>(_ => Drain());
        Receive<RehearsedPackage>(_ => Drain());
        Receive<Warmed>(_ => Drain());
        Receive<Status.Failure>(failure => OnFailedWhileDraining(failure.Cause));
    }

    private void WhileLoading()
    {
        Receive<PredictRequest>(RefuseRequest);
        Receive<CancelPredict>(OnCancel);
        Receive<Status.Failure>(failure => OnFailed(failure.Cause));
        Receive<StopLoader>(_ =>
        {
            _cancel.Cancel();
            Become(Draining);
            TellStage(ModelStage.Draining);
        });
    }

    private void LeaveService()
    {
        if (_answerer is { } answerer)
        {
            _services.Local.Remove(_command.ModelId, answerer);
        }
    }

    // Before anybody hears that the model is gone: who asks then must find it so.
    private void EndCounts()
    {
        EndLoad();
        _monitor?.End();
    }

    private void EndLoad()
    {
        if (_isLoading)
        {
            _isLoading = false;
            _services.Metrics.Loads.Leave();
        }
    }

    private void Enter<T>(ModelStage stage, Action behaviour, Task<T> step)
    {
        Become(behaviour);
        TellStage(stage);
        _ = step.PipeTo(Self);
    }

    private void Drain()
    {
        LeaveService();
        Become(Draining);
        TellStage(ModelStage.Draining);
        _ = GiveBackAsync().PipeTo(Self, success: () => Drained.Instance, failure: OnDisposeFailed);
    }

    private Drained OnDisposeFailed(Exception e)
    {
        _log.Error(e, "model {0}: its memory may not all have been given back", _command.ModelId);
        return Drained.Instance;
    }

    private void OnFailed(Exception e)
    {
        // What was loaded is given back when the actor has stopped.
        End(LoadFailures.Describe(_command.ModelId, e, _served, _services.Options.LoadTimeout));
    }

    private void OnFailedWhileDraining(Exception e)
    {
        // The host has to know of memory that stays taken.
        if (LoadFailures.Describe(_command.ModelId, e, _served, _services.Options.LoadTimeout) is { ThreadLost: true } lost)
        {
            End(lost);
        }
        else
        {
            Drain();
        }
    }

    private void OnTurnedBad(TurnedBad bad)
    {
        // Its stuck thread is given up; what can end ends by itself once the actor has stopped.
        End(new ServiceLost(_command.ModelId, bad.Reason));
    }

    private void End(LoaderReport report)
    {
        EndCounts();
        Context.Parent.Tell(report);
        Context.Stop(Self);
    }

    private void RefuseRequest(PredictRequest request) =>
        Sender.Tell(NotServed.Reply(request));

    private void OnCancel(CancelPredict command) => _answerer?.Withdraw(command.RequestId, command.Call);

    private void TellStage(ModelStage stage) => Context.Parent.Tell(new StageEntered(_command.ModelId, stage));

    private static async Task<Warmed> WarmAsync(
        LoadWork work, IServedModel served, CancellationToken cancellationToken)
    {
        await work.WarmAsync(served, cancellationToken);
        return Warmed.Instance;
    }

    /// <summary>Gives back what is loaded or being loaded; once, whoever calls first.</summary>
    private async Task GiveBackAsync()
    {
        if (Interlocked.Exchange(ref _loading, null) is not { } loading)
        {
            return;
        }

        // A load that failed was reported where its failure arrived; it holds nothing.
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            await (await loading).DisposeAsync();
            _monitor?.End();
            await _services.ReturnMemory(_services.Metrics.Models.Served > 0);
        }
    }

    private sealed record TurnedBad(string Reason) : INoSerializationVerificationNeeded;

    private sealed record Warmed : INoSerializationVerificationNeeded
    {
        public static Warmed Instance { get; } = new();
    }

    private sealed record Drained : INoSerializationVerificationNeeded
    {
        public static Drained Instance { get; } = new();
    }
}
