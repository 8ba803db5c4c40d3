using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Settings;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>A ModelHostActor whose loaders, models and tasks a test plays.</summary>
public abstract class HostKit : TestKit
{
    private const long Incarnation = 77;
    private readonly RoutingTable _table = new();
    private long _freeDisk = 1_000_000;
    private bool _isCached = true;

    /// <param name="knowsDevices">Whether the engine is up and the node has said what it takes.</param>
    private protected HostKit(bool knowsDevices = true)
        : base(Patience.Hocon)
    {
        Local = new LocalNode(_table, TestModels.Context("/nowhere"));
        Local.Start("akka://test", Incarnation, _ => { });
        if (knowsDevices)
        {
            Local.SetDevices([], TestModels.Options.Limits.CapacityOf(null));
        }

        Gates = new ServingGates(_table, TimeProvider.System);
        Host = Sys.ActorOf(Props.Create(() => new ModelHostActor(Setup())));
    }

    private protected static ModelId Id => TestModels.Id;

    private protected static ModelId Other { get; } = new("model-2");

    private protected static ServedModel Entry { get; } = new(Id, "TEXT_EMBEDDING", "cpu", "padded", [], 3, 512);

    private protected NodeHealth Health { get; } = new();

    private protected NodeMetrics Metrics { get; } = new(TestModels.Node);

    private protected ServingGates Gates { get; }

    private protected LocalNode Local { get; }

    private protected ClusterSettings Settings { get; } = new();

    private protected TestProbe Models => field ??= CreateTestProbe("models");

    private protected TestProbe Tasks => field ??= CreateTestProbe("tasks");

    private protected TestProbe Loaders => field ??= CreateTestProbe("loaders");

    private protected IActorRef Host { get; }

    /// <summary>True: the next loader that is to be made takes the host along.</summary>
    private protected bool LoadersFault { get; set; }

    /// <summary>Free bytes of the disk; below 0 it cannot be read.</summary>
    private protected long FreeDisk
    {
        set => Volatile.Write(ref _freeDisk, value);
    }

    /// <summary>Whether the content of every model is on disk.</summary>
    private protected bool IsCached
    {
        set => Volatile.Write(ref _isCached, value);
    }

    private protected Action TrimCache { get; set; } = () => { };

    private protected Action<long> MakeRoom { get; set; } = _ => { };

    /// <summary>Runs where the host asks for the disk.</summary>
    private protected Action WhileDiskIsRead { get; set; } = () => { };

    private protected static PredictRequest Predict(ModelId id) =>
        new(id, "r", ["x"], null, null, true, TimeSpan.FromSeconds(5));

    private HostSetup Setup()
    {
        var loaders = Loaders;
        return new HostSetup(
            TestModels.Options,
            command => LoadersFault
                ? throw new InvalidOperationException("no loader")
                : Props.Create(() => new PuppetLoader(command, loaders)),
            Models,
            Tasks,
            Local)
        {
            FreeDiskBytes = () =>
                Volatile.Read(ref _freeDisk) is >= 0 and var free ? free : throw new IOException("no disk"),
            IsCached = _ =>
            {
                WhileDiskIsRead();
                return Volatile.Read(ref _isCached);
            },
            Settings = Settings,
            Gates = Gates,
            Health = Health,
            Metrics = Metrics,
            TrimCache = () => TrimCache(),
            MakeRoom = (bytes, _) => MakeRoom(bytes),
        };
    }

    /// <summary>Where a model is once the host has read its mail up to here; null: it has none.</summary>
    private protected ModelStage? StageOf(ModelId id)
    {
        var asker = CreateTestProbe();
        Host.Tell(new GetNodeProfile([id]), asker);
        return asker.ExpectMsg<NodeProfileReply>().Models.SingleOrDefault()?.Stage;
    }

    private protected IActorRef Load(LoadModel command)
    {
        Host.Tell(command);
        return NextLoader();
    }

    private protected IActorRef NextLoader() => Loaders.ExpectMsg<PuppetLoader.Started>().Loader;

    private protected static void Serve(IActorRef loader, ModelId? id = null)
    {
        var model = id ?? Id;
        loader.Tell(new ServiceBegan(
            model, Entry with { ModelId = model }, TestModels.Monitor(new FakeServedModel())));
    }

    private protected static void Fail(IActorRef loader, string reason, bool mayPass, bool timedOut = false)
    {
        loader.Tell(new LoadFailed(Id, reason, mayPass, ThreadLost: false, TimedOut: timedOut));
        loader.Tell(PoisonPill.Instance);
    }

    private protected ReportNodeDeployment ExpectReport(NodeDeploymentStatus status)
    {
        var report = Models.ExpectMsg<ReportNodeDeployment>();
        Assert.Equal((status, Incarnation), (report.Status, report.Incarnation));
        return report;
    }
}
