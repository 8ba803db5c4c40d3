using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Settings;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Settings;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml;

public sealed class ModelHostActorTests : TestKit
{
    private const long Incarnation = 77;
    private static readonly ModelId Id = TestModels.Id;
    private static readonly ModelId Other = new("model-2");
    private static readonly ServedModel Entry = new(Id, "TEXT_EMBEDDING", "cpu", "padded", [], 3, 512);

    private readonly NodeHealth _health = new();
    private readonly RoutingTable _table = new();
    private readonly ClusterSettings _settings = new();
    private readonly LocalNode _local;
    private readonly TestProbe _models;
    private readonly TestProbe _tasks;
    private readonly TestProbe _loaders;
    private readonly IActorRef _host;
    private long _freeDisk = 1_000_000;
    private Action _trimCache = () => { };

    public ModelHostActorTests()
        : base(Patience.Hocon)
    {
        _models = CreateTestProbe("models");
        _tasks = CreateTestProbe("tasks");
        _loaders = CreateTestProbe("loaders");
        _local = new LocalNode(_table, TestModels.Context("/nowhere"));
        _local.Start("akka://test", Incarnation, _ => { });
        _host = Sys.ActorOf(Props.Create(() => new ModelHostActor(Setup())));
    }

    [Fact]
    public void LoadModel_ModelServes_IsRoutedBeforeItIsReported()
    {
        var loader = Load(TestModels.Load());
        ExpectReport(NodeDeploymentStatus.Loading);

        Serve(loader);

        ExpectReport(NodeDeploymentStatus.Loaded);
        Assert.Equal([Entry], _local.Current!.Models);
    }

    [Fact]
    public void Report_NotAcknowledged_IsSaidAgain()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        // A late word on Loading must not count.
        _host.Tell(new NodeReportAcknowledged(Id, TestModels.Node, 1, NodeDeploymentStatus.Loading));
        ExpectReport(NodeDeploymentStatus.Loaded);
        ExpectReport(NodeDeploymentStatus.Loaded);
    }

    [Fact]
    public void LoadModel_Repeated_LoadsOnceAndReportsAgain()
    {
        var loader = Load(TestModels.Load());
        ExpectReport(NodeDeploymentStatus.Loading);
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loaded);

        _host.Tell(TestModels.Load(plan: 2));

        var report = _models.FishForMessage<ReportNodeDeployment>(r => r.PlanVersion == 2, Patience.Deadline);
        Assert.Equal(NodeDeploymentStatus.Loaded, report.Status);
        Assert.Equal(ModelStage.Serving, StageOf(Id));
    }

    [Fact]
    public void PredictRequest_ServedModel_GoesToItsLoader()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        _host.Tell(Predict(Id), TestActor);

        _loaders.ExpectMsg<PredictRequest>();
        Assert.Equal(TestActor, _loaders.LastSender);
    }

    [Fact]
    public void CancelPredict_AnyModel_GoesToItsLoaderIfThereIsOne()
    {
        Load(TestModels.Load());

        _host.Tell(new CancelPredict(Other, "r"));
        _host.Tell(new CancelPredict(Id, "r"));

        Assert.Equal(Id, _loaders.ExpectMsg<CancelPredict>().ModelId);
    }

    [Fact]
    public void PredictRequest_ModelNotLoaded_IsNotServed()
    {
        Load(TestModels.Load());

        _host.Tell(Predict(Id), TestActor);
        Assert.Equal(ErrorCode.NotServed, ExpectMsg<PredictRejected>().Error.Code);
        _host.Tell(Predict(Other), TestActor);
        Assert.Equal(ErrorCode.NotServed, ExpectMsg<PredictRejected>().Error.Code);
    }

    [Fact]
    public void UnloadModel_ServedModel_LeavesRoutingFirstAndAnswersWhenGone()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        _host.Tell(new UnloadModel(Id, 2), TestActor);

        _loaders.ExpectMsg<StopLoader>();
        Assert.Empty(_local.Current!.Models);
        Assert.Equal(ModelStage.Draining, StageOf(Id));
        Assert.False(HasMessages);
        loader.Tell(new LoaderStopped(Id));
        Assert.Equal(new ModelUnloaded(Id, TestModels.Node, 2, WasLoaded: true), ExpectMsg<ModelUnloaded>());
    }

    [Fact]
    public void UnloadModel_UnknownModel_SaysSoAtOnce()
    {
        _host.Tell(new UnloadModel(Id, 2), TestActor);

        Assert.False(ExpectMsg<ModelUnloaded>().WasLoaded);
    }

    [Fact]
    public void LoadModel_OlderThanTheUnload_ChangesNothing()
    {
        _host.Tell(new UnloadModel(Id, 2), TestActor);
        ExpectMsg<ModelUnloaded>();

        _host.Tell(TestModels.Load(plan: 1));

        Assert.Null(StageOf(Id));
    }

    [Fact]
    public void LoadModel_WhileDraining_StartsWhenTheOldOneIsGone()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        _host.Tell(new UnloadModel(Id, 2), TestActor);
        _loaders.ExpectMsg<StopLoader>();

        _host.Tell(TestModels.Load(plan: 3));
        Assert.Equal(ModelStage.Draining, StageOf(Id));
        loader.Tell(new LoaderStopped(Id));

        Assert.Equal(3, _loaders.ExpectMsg<PuppetLoader.Started>().Command.PlanVersion);
    }

    [Fact]
    public void LoadFailed_MayPass_IsTriedThreeTimesMoreAndThenGivenUp()
    {
        _host.Tell(TestModels.Load());
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Fail(NextLoader(), "journal busy", mayPass: true);
        }

        ExpectReport(NodeDeploymentStatus.Loading);
        Assert.Equal("journal busy", ExpectReport(NodeDeploymentStatus.Failed).Error);
    }

    [Fact]
    public void LoadFailed_Refusal_IsGivenUpAtOnce()
    {
        Fail(Load(TestModels.Load()), "model content changed", mayPass: false);

        ExpectReport(NodeDeploymentStatus.Loading);
        Assert.Equal("model content changed", ExpectReport(NodeDeploymentStatus.Failed).Error);
        Assert.Equal(ModelStage.Failed, StageOf(Id));
    }

    [Fact]
    public void LoaderCrash_CountsAsAFailedAttempt()
    {
        Load(TestModels.Load()).Tell(new PuppetLoader.Crash());

        Assert.Equal(Id, _loaders.ExpectMsg<PuppetLoader.Started>().Command.ModelId);
    }

    [Fact]
    public void LoaderCrash_WhileServing_LeavesRoutingUntilItServesAgain()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        loader.Tell(new PuppetLoader.Crash());

        _models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Loading, Patience.Deadline);
        Assert.Empty(_local.Current!.Models);
        _host.Tell(new GetNodeProfile([Id]), TestActor);
        Assert.Null(Assert.Single(ExpectMsg<NodeProfileReply>().Models).Serving);
        Serve(NextLoader());
        _models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Loaded, Patience.Deadline);
        Assert.Equal([Entry], _local.Current!.Models);
    }

    [Fact]
    public void Restart_AfterAFaultOfItsOwn_NoLongerSaysThatItServes()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        _freeDisk = -1;
        _host.Tell(TestModels.Load(Other));

        AwaitAssert(() => Assert.Empty(_local.Current!.Models));
    }

    [Fact]
    public void LoadModel_AfterAFailureByANewerPlan_IsTriedAgain()
    {
        Fail(Load(TestModels.Load()), "broken", mayPass: false);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Failed);

        _host.Tell(TestModels.Load(plan: 2));

        Assert.Equal(2, _loaders.ExpectMsg<PuppetLoader.Started>().Command.PlanVersion);
    }

    [Fact]
    public void LoadModel_NodeIsFull_IsRefused()
    {
        Serve(Load(TestModels.Load()));
        Serve(Load(TestModels.Load(Other)), Other);

        _host.Tell(TestModels.Load(new ModelId("model-3")));

        var report = _models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Assert.StartsWith("Exceed max local model per node limit", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadModel_DiskBelowThreshold_IsRefusedAndPredictionsGoOn()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);
        _host.Tell(new NodeReportAcknowledged(Id, TestModels.Node, 1, NodeDeploymentStatus.Loaded));
        _freeDisk = 999;

        _host.Tell(TestModels.Load(Other));

        var report = _models.FishForMessage<ReportNodeDeployment>(r => r.ModelId == Other, Patience.Deadline);
        Assert.Contains("999 bytes are free", report.Error, StringComparison.Ordinal);
        _host.Tell(Predict(Id), TestActor);
        _loaders.ExpectMsg<PredictRequest>();
    }

    [Fact]
    public void LoadModel_AfterARestartWithTheContentOnDisk_NeedsNoSpace()
    {
        _freeDisk = 0;

        Load(TestModels.Load() with { TaskId = null });

        ExpectReport(NodeDeploymentStatus.Loading);
    }

    [Fact]
    public void LoadModel_MoreThanMayLoadAtOnce_WaitsForItsTurn()
    {
        var first = Load(TestModels.Load());
        _host.Tell(TestModels.Load(Other));
        Assert.Equal(ModelStage.Queued, StageOf(Other));

        Serve(first);

        Assert.Equal(Other, _loaders.ExpectMsg<PuppetLoader.Started>().Command.ModelId);
    }

    [Fact]
    public void ServiceLost_LeavesRoutingAndIsNotLoadedAgain()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        loader.Tell(new ServiceLost(Id, "a forward ran longer than 30 s"));

        var report = _models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Assert.Equal("a forward ran longer than 30 s", report.Error);
        Assert.Empty(_local.Current!.Models);
        Assert.Contains("model-1", Assert.Single(_health.Reasons), StringComparison.Ordinal);
        Assert.Equal(ModelStage.Failed, StageOf(Id));
    }

    [Fact]
    public void ServiceLost_LogSaysWhoseModelAndWhatHappensNext()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);

        EventFilter
            .Error("model model-1, task task-1, node node-1: a forward ran longer than 30 s; it is loaded again when "
                + "it is deployed again, other models are served on, and the node wants a restart")
            .ExpectOne(Patience.Deadline, () => loader.Tell(new ServiceLost(Id, "a forward ran longer than 30 s")));
    }

    [Fact]
    public void Progress_WhileLoading_GoesToTheTask()
    {
        var loader = Load(TestModels.Load());

        loader.Tell(new FetchProgressed(Id, 0.5f));

        var progress = _tasks.FishForMessage<ReportProgress>(p => p.Progress > 0, Patience.Deadline);
        Assert.Equal((TestModels.Task, 0.35f), (progress.TaskId, progress.Progress));
    }

    [Fact]
    public void LoadModel_NodeIsLeaving_IsNotBegun()
    {
        _local.BeginDraining();

        _host.Tell(TestModels.Load());

        Assert.Null(StageOf(Id));
    }

    [Fact]
    public void ServiceBegan_CacheCannotBeTrimmed_IsServedAllTheSame()
    {
        _trimCache = () => throw new IOException("no such file");

        Serve(Load(TestModels.Load()));

        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);
        Assert.Equal(ModelStage.Serving, StageOf(Id));
    }

    [Fact]
    public void GetNodeProfile_LoadingAndServed_TellsBoth()
    {
        Serve(Load(TestModels.Load()));
        Load(TestModels.Load(Other));

        _host.Tell(new GetNodeProfile([]), TestActor);

        var models = ExpectMsg<NodeProfileReply>().Models.ToDictionary(m => m.ModelId);
        Assert.Equal((ModelStage.Serving, "equal_length"), (models[Id].Stage, models[Id].Serving!.Batching));
        Assert.Equal((7, 0), (models[Id].Serving!.QueuedTokens, models[Id].Serving!.Documents));
        Assert.Equal(ModelStage.Fetching, models[Other].Stage);
        Assert.Null(models[Other].Serving);
    }

    [Fact]
    public void Settings_MoreLoadsAtOnce_StartsWhatWaits()
    {
        Load(TestModels.Load());
        _host.Tell(TestModels.Load(id: Other));
        Assert.Equal(ModelStage.Queued, StageOf(Other));

        Set(MlSettings.MaxDeployTasks, "2");
        _host.Tell(ModelHostActor.LimitsChanged.Instance);

        NextLoader();
        Assert.Equal(ModelStage.Fetching, StageOf(Other));
    }

    [Fact]
    public void Settings_FewerModels_RefuseTheNextAndKeepWhatIsThere()
    {
        Load(TestModels.Load());
        Set(MlSettings.MaxModelOnNode, "1");

        _host.Tell(TestModels.Load(id: Other));

        var report = _models.FishForMessage<ReportNodeDeployment>(r => r.ModelId == Other, Patience.Deadline);
        Assert.Equal(NodeDeploymentStatus.Failed, report.Status);
        Assert.Contains("at most 1 (max_model_on_node)", report.Error, StringComparison.Ordinal);
        Assert.Equal(ModelStage.Fetching, StageOf(Id));
    }

    private void Set(Setting setting, string value) =>
        _settings.Take(SettingsSnapshot.Of(1, [new SettingEntry(setting.Name, value)], []));

    private static PredictRequest Predict(ModelId id) => new(id, "r", ["x"], null, null, true, TimeSpan.FromSeconds(5));

    private HostSetup Setup() => new(
        TestModels.Options,
        command => Props.Create(() => new PuppetLoader(command, _loaders)),
        _models,
        _tasks,
        _local)
    {
        FreeDiskBytes = () =>
            Volatile.Read(ref _freeDisk) is >= 0 and var free ? free : throw new IOException("no disk"),
        IsCached = _ => true,
        Settings = _settings,
        Health = _health,
        TrimCache = () => _trimCache(),
    };

    /// <summary>Where a model is once the host has read its mail up to here; null: it has none.</summary>
    private ModelStage? StageOf(ModelId id)
    {
        var asker = CreateTestProbe();
        _host.Tell(new GetNodeProfile([id]), asker);
        return asker.ExpectMsg<NodeProfileReply>().Models.SingleOrDefault()?.Stage;
    }

    private IActorRef Load(LoadModel command)
    {
        _host.Tell(command);
        return NextLoader();
    }

    private IActorRef NextLoader() => _loaders.ExpectMsg<PuppetLoader.Started>().Loader;

    private static void Serve(IActorRef loader, ModelId? id = null)
    {
        var model = id ?? Id;
        loader.Tell(new ServiceBegan(
            model, Entry with { ModelId = model }, new ServingMonitor(new FakeServedModel(), 1, () => 10)));
    }

    private static void Fail(IActorRef loader, string reason, bool mayPass)
    {
        loader.Tell(new LoadFailed(Id, reason, mayPass, ThreadLost: false));
        loader.Tell(PoisonPill.Instance);
    }

    private ReportNodeDeployment ExpectReport(NodeDeploymentStatus status)
    {
        var report = _models.ExpectMsg<ReportNodeDeployment>();
        Assert.Equal((status, Incarnation), (report.Status, report.Incarnation));
        return report;
    }
}
