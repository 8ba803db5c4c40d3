using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Ml.Rehearsal;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Loading;

public sealed class LoaderActorTests : TestKit
{
    private static readonly TimeSpan Deadline = Patience.Deadline;
    private readonly TempFolder _data = new();
    private readonly FakeEngine _engine = new();
    private readonly FakeTimeProvider _time = new();
    private readonly NodeMetrics _metrics = new(TestModels.Node);
    private readonly ConcurrentQueue<bool> _returned = new();
    private readonly ContentCache _cache;
    private readonly TestProbe _host;
    private long _maxReplyBytes = 1 << 20;
    private LoadRefusal? _refusal;

    public LoaderActorTests()
        : base(Patience.Hocon)
    {
        _cache = new ContentCache(_data.FullName, long.MaxValue, TimeProvider.System);
        _host = CreateTestProbe("host");
        _host.SetAutoPilot(new DelegateAutoPilot((loader, message) =>
        {
            if (message is ContentMeasured)
            {
                loader.Tell(_refusal is null ? ContentAdmitted.Instance : new ContentRefused(_refusal));
            }

            return AutoPilot.KeepRunning;
        }));
    }

    [Fact]
    public void Start_NewContent_GoesThroughEveryStage()
    {
        Start(TestModels.Load());

        ExpectStages(
            ModelStage.Fetching,
            ModelStage.Verifying,
            ModelStage.Rehearsing,
            ModelStage.Loading,
            ModelStage.Warming);
        var entry = _host.ExpectMsg<ServiceBegan>(Deadline).Entry;
        Assert.Equal(("cpu", "equal_length", 128), (entry.Device, entry.Batching, entry.MaxTokens));
        Assert.Empty(Directory.GetFiles(_cache.TempFolder));
    }

    [Fact]
    public void Start_CachedContent_NeitherFetchesNorRehearses()
    {
        Serve();

        Start(TestModels.Load(new ModelId("model-2")));

        ExpectStages(ModelStage.Fetching, ModelStage.Rehearsing, ModelStage.Loading, ModelStage.Warming);
        _host.ExpectMsg<ServiceBegan>(Deadline);
        Assert.Equal((1, 1, 2), (_engine.Reads, _engine.Rehearsals, _engine.Loads));
    }

    [Fact]
    public void Start_CachedContentWithOtherConfig_RehearsesAgain()
    {
        Serve();
        var command = TestModels.Load(new ModelId("model-2"));

        Start(command with
        {
            Spec = command.Spec with
            {
                Config = command.Spec.Config with { FrameworkType = "HUGGINGFACE_TRANSFORMERS" },
            },
        });

        FishForService();
        Assert.Equal((1, 2), (_engine.Reads, _engine.Rehearsals));
    }

    [Fact]
    public void Start_OtherContentThanRegistered_IsRefusedForGood()
    {
        _engine.Archive = [9];

        Start(TestModels.Load(archive: [1]));

        var failed = FishForFailure();
        Assert.StartsWith("model content changed", failed.Reason, StringComparison.Ordinal);
        Assert.False(failed.MayPass);
    }

    [Fact]
    public void Start_RehearsalFails_IsRefusedForGoodAndTheNextTryRehearsesAgain()
    {
        _engine.RehearsalFailure = new LoadRefusedException("it took more than 10 bytes of memory");
        Start(TestModels.Load());
        Assert.False(FishForFailure().MayPass);

        Start(TestModels.Load());
        FishForFailure();

        Assert.Equal((1, 2), (_engine.Reads, _engine.Rehearsals));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Start_RehearsalIsInterrupted_MayPass(bool timedOut)
    {
        _engine.RehearsalFailure = new RehearsalInterruptedException("interrupted", timedOut);

        Start(TestModels.Load());

        var failed = FishForFailure();
        Assert.Equal(("interrupted", true, timedOut), (failed.Reason, failed.MayPass, failed.TimedOut));
    }

    [Fact]
    public void Start_EngineFailsToLoad_MayPass()
    {
        _engine.LoadFailure = new InferenceException("out of memory on cuda:0");

        Start(TestModels.Load());

        var failed = FishForFailure();
        Assert.Equal(("out of memory on cuda:0", true), (failed.Reason, failed.MayPass));
    }

    [Fact]
    public void Start_FunctionOfALaterVersion_IsRefusedBeforeFetching()
    {
        var command = TestModels.Load();

        Start(command with { Spec = command.Spec with { FunctionName = "KMEANS" } });

        Assert.Contains("KMEANS", FishForFailure().Reason, StringComparison.Ordinal);
        Assert.Equal(0, _engine.Reads);
    }

    [Fact]
    public void Start_NewContent_SaysWhatItTakesBeforeItIsUnpacked()
    {
        _engine.Size = new ContentSize(ModelBytes: 5_000, UnpackedBytes: 6_000);
        _refusal = new LoadRefusal("no memory", NoRoom: true);

        Start(TestModels.Load());

        var measured = _host.FishForMessage<ContentMeasured>(_ => true, Deadline);
        Assert.Equal((_engine.Size, 4_711), (measured.Content, measured.FreeDiskBytes));
        var failed = _host.ExpectMsg<LoadFailed>(Deadline);
        Assert.Equal(("no memory", false, true), (failed.Reason, failed.MayPass, failed.NoRoom));
        Assert.Equal(0, _engine.Unpackings);
        AwaitAssert(() => Assert.Empty(Directory.GetFiles(_cache.TempFolder)), Deadline);
    }

    [Fact]
    public void Start_CachedContent_SaysWhatItsModelTakesAndWritesNothing()
    {
        Serve();

        Start(TestModels.Load(new ModelId("model-2")));

        var measured = _host.FishForMessage<ContentMeasured>(m => m.ModelId.Value == "model-2", Deadline);
        Assert.Equal(new ContentSize(_engine.Archive.Length, UnpackedBytes: 0), measured.Content);
        Assert.Equal(0, measured.Content.DiskBytes);
    }

    [Fact]
    public void StopLoader_WhileItWaitsForTheHost_StopsWithItsAnswer()
    {
        _host.SetAutoPilot(AutoPilot.NoAutoPilot);
        var loader = Start(TestModels.Load());
        _host.FishForMessage<ContentMeasured>(_ => true, Deadline);

        loader.Tell(StopLoader.Instance, _host);
        loader.Tell(ContentAdmitted.Instance, _host);

        _host.FishForMessage<LoaderStopped>(_ => true, Deadline);
        Assert.Equal(0, _engine.Unpackings);
    }

    [Fact]
    public void PredictRequest_WhileServing_IsAnswered()
    {
        var loader = Serve();

        loader.Tell(Request(), TestActor);

        Assert.Single(ExpectMsg<Predicted>(Deadline).Documents);
    }

    [Fact]
    public void StopLoader_ModelInService_IsCountedNoMoreWhenItIsGone()
    {
        var loader = Serve();
        Assert.Equal((1, 0), (_metrics.Read().Numbers.DeployedModels, _metrics.Loads.Now));
        loader.Tell(Request(), TestActor);
        ExpectMsg<Predicted>(Deadline);

        loader.Tell(StopLoader.Instance, _host);

        _host.FishForMessage<LoaderStopped>(_ => true, Deadline);
        var numbers = _metrics.Read().Numbers;
        Assert.Equal((0, 1, 0), (numbers.DeployedModels, numbers.Requests, numbers.ExecutingTasks));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StopLoader_ModelInService_ReturnsItsMemoryWithoutAPauseForOthers(bool othersAreServed)
    {
        if (othersAreServed)
        {
            _metrics.Models.Of(new ModelId("other"), "TEXT_EMBEDDING", "cpu").Begin(static () => EngineCounts.None);
        }

        var loader = Serve();
        loader.Tell(StopLoader.Instance, _host);
        _host.FishForMessage<LoaderStopped>(_ => true, Deadline);

        Assert.Equal([othersAreServed], _returned);
    }

    [Fact]
    public void Start_WhileItLoads_IsExecutingUntilItFails()
    {
        var rehearse = new TaskCompletionSource();
        _engine.RehearseAfter = rehearse.Task;
        _engine.LoadFailure = new InferenceException("out of memory on cuda:0");
        Start(TestModels.Load());
        _host.FishForMessage<StageEntered>(e => e.Stage == ModelStage.Rehearsing, Deadline);
        Assert.Equal(1, _metrics.Read().Numbers.ExecutingTasks);

        rehearse.SetResult();

        FishForFailure();
        Assert.Equal(0, _metrics.Read().Numbers.ExecutingTasks);
    }

    [Fact]
    public void PredictRequest_WhileLoading_IsNotServed()
    {
        _engine.RehearseAfter = new TaskCompletionSource().Task;
        var loader = Start(TestModels.Load());

        loader.Tell(Request(), TestActor);

        Assert.Equal(ErrorCode.NotServed, ExpectMsg<PredictRejected>(Deadline).Error.Code);
    }

    [Fact]
    public void CancelPredict_RequestBeingAnswered_EndsIt()
    {
        var loader = Serve();
        _engine.Served.Answer = new TaskCompletionSource<PredictionResult>().Task.WaitAsync;
        loader.Tell(Request(), TestActor);

        loader.Tell(new CancelPredict(TestModels.Id, "r"));

        Assert.Contains("withdrawn", ExpectMsg<PredictRejected>(Deadline).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void StopLoader_RequestsInFlight_WaitsForThemAndRefusesNewOnes()
    {
        var inFlight = new TaskCompletionSource();
        _engine.Served.DisposeAfter = inFlight.Task;
        var loader = Serve();

        loader.Tell(StopLoader.Instance, _host);
        ExpectStages(ModelStage.Draining);
        loader.Tell(Request(), TestActor);
        Assert.Equal(ErrorCode.NotServed, ExpectMsg<PredictRejected>(Deadline).Error.Code);
        Assert.False(_host.HasMessages);

        inFlight.SetResult();
        _host.ExpectMsg<LoaderStopped>(Deadline);
    }

    [Fact]
    public void StopLoader_WhileRehearsing_CancelsAndStops()
    {
        _engine.RehearseAfter = new TaskCompletionSource().Task;
        var loader = Start(TestModels.Load());
        _host.FishForMessage<StageEntered>(s => s.Stage == ModelStage.Rehearsing, Deadline);

        loader.Tell(StopLoader.Instance, _host);

        _host.FishForMessage<LoaderStopped>(_ => true, Deadline);
        Assert.Equal(0, _engine.Loads);
    }

    [Fact]
    public void StopLoader_WhileItsNativeLoadRuns_StopsWhenThatHasEndedAndIsFreed()
    {
        using var load = new HeldLoad(_engine);
        var loader = StartLoading(load);

        loader.Tell(StopLoader.Instance, _host);
        ExpectStages(ModelStage.Draining);
        _host.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        load.Release();

        _host.FishForMessage<LoaderStopped>(_ => true, Deadline);
        Assert.True(_engine.Served.Disposed.Task.IsCompletedSuccessfully, "it stopped before the model was freed");
    }

    [Fact]
    public async Task StopLoader_NativeLoadNeverEnds_SaysThatItsThreadIsLost()
    {
        using var load = new HeldLoad(_engine);
        var loader = StartLoading(load);
        loader.Tell(StopLoader.Instance, _host);
        ExpectStages(ModelStage.Draining);

        // The load's thread may have begun before its deadline has.
        await AwaitConditionAsync(
            () =>
            {
                _time.Advance(TestModels.Options.LoadTimeout);
                return Task.FromResult(_host.HasMessages);
            },
            Deadline);

        Assert.True((await _host.FishForMessageAsync<LoadFailed>(_ => true, Deadline)).ThreadLost);
        load.Release();
        await _engine.Served.Disposed.Task.WaitAsync(Deadline);
    }

    [Fact]
    public void Predict_AnswerThatNoMessageCarries_IsRefusedAtOnce()
    {
        _maxReplyBytes = 100;
        var loader = Serve();

        loader.Tell(Request(), TestActor);

        Assert.Equal(ErrorCode.TooLarge, ExpectMsg<PredictRejected>(Deadline).Error.Code);
    }

    [Fact]
    public void Failure_WhileServing_EndsTheService()
    {
        Serve();

        _engine.Served.Fail.SetResult("a forward ran longer than 30 s");

        Assert.Equal("a forward ran longer than 30 s", _host.ExpectMsg<ServiceLost>(Deadline).Reason);
    }

    [Fact]
    public async Task Stop_WithoutAWord_GivesTheModelBack()
    {
        var loader = Serve();

        Sys.Stop(loader);

        await _engine.Served.Disposed.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Stop_WhateverHappens_ContentMayBeRemovedAfterwards()
    {
        var loader = Serve();
        loader.Tell(StopLoader.Instance, _host);
        await _host.FishForMessageAsync<LoaderStopped>(_ => true, Deadline);
        await _engine.Served.Disposed.Task.WaitAsync(Deadline);
        await WatchAsync(loader);
        await ExpectTerminatedAsync(loader, Deadline);

        new ContentCache(_data.FullName, 0, TimeProvider.System).Trim();

        Assert.Null(_cache.Find(TestModels.Load().Sha256));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _data.Dispose();
    }

    private static PredictRequest Request() =>
        new(TestModels.Id, "r", ["x"], null, null, true, TimeSpan.FromSeconds(5));

    private IActorRef Start(LoadModel command)
    {
        var services = Services();
        return _host.ChildActorOf(Props.Create(() => new LoaderActor(command, services)));
    }

    /// <summary>Starts a load and comes back from within its native part.</summary>
    private IActorRef StartLoading(HeldLoad load)
    {
        var loader = Start(TestModels.Load());
        _host.FishForMessage<StageEntered>(entered => entered.Stage == ModelStage.Loading, Deadline);
        Assert.True(load.HasBegun(Deadline), $"the load did not begin within {Deadline}");
        return loader;
    }

    private IActorRef Serve()
    {
        var loader = Start(TestModels.Load());
        FishForService();
        return loader;
    }

    private void FishForService() => _host.FishForMessage<ServiceBegan>(_ => true, Deadline);

    private LoadFailed FishForFailure() => _host.FishForMessage<LoadFailed>(_ => true, Deadline);

    private void ExpectStages(params ModelStage[] stages)
    {
        foreach (var stage in stages)
        {
            var entered = _host.FishForMessage<StageEntered>(_ => true, Deadline);
            Assert.Equal(stage, entered.Stage);
        }
    }

    private LoaderServices Services() => new(
        _cache,
        new ContentFetcher(_engine, _cache.TempFolder),
        _engine,
        _engine,
        new RehearsalStore("engine 1"))
    {
        Runtime = new ModelRuntimeSource(() => _engine),
        Options = TestModels.Options,
        InFlight = new InFlightRequests(),
        Local = new LocalServing(),
        Gates = TestModels.Gates(),
        Time = _time,
        Metrics = _metrics,
        ReturnMemory = isServing =>
        {
            _returned.Enqueue(isServing);
            return Task.CompletedTask;
        },
        FreeDiskBytes = () => 4_711,
        MaxReplyBytes = _maxReplyBytes,
        KeptTimes = () => 100,
    };

    /// <summary>Keeps the engine's load in its native part.</summary>
    private sealed class HeldLoad : IDisposable
    {
        private readonly ManualResetEventSlim _begun = new();
        private readonly ManualResetEventSlim _released = new();

        public HeldLoad(FakeEngine engine) => engine.OnLoad = () =>
        {
            _begun.Set();
            _released.Wait(Deadline);
        };

        public bool HasBegun(TimeSpan deadline) => _begun.Wait(deadline);

        public void Release() => _released.Set();

        // The load's thread may still be on its way out of them.
        public void Dispose() => Release();
    }
}
