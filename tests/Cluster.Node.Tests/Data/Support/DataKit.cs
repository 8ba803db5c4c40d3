using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Settings;
using MlCluster.Node.Data;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Data.Pretrained;
using MlCluster.Node.Data.Tasks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Pretrained;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Settings;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Domain;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>A data node without its cluster: real entities and journals, regions and nodes that a test plays.</summary>
public abstract class DataKit : TestKit
{
    internal const int ChunkBytes = 1_000;

    private readonly UrlFetcher _fetcher;
    private readonly ChunkBuffers _buffers = new(8, 2, ChunkBytes);
    private IActorRef? _tasks;
    private IActorRef? _models;
    private TestProbe? _watcher;

    private protected DataKit(ITestDatabase database)
        : base(database.Config)
    {
        Database = database;
        Sys.ActorOf(Forwarder.Props(TestActor), "model-host");
        _fetcher = new UrlFetcher(
            () => new UrlPolicy(Options.Uploads.TrustedUrl, true, [RealPath.Resolve(Files.FullName)]),
            Patience,
            HeadTimeout);
        Chunks = new JournalChunkSource(() => Sys, TimeSpan.FromSeconds(30), TimeProvider.System);
        Views.Show(FakeViews.Node(Some.NodeA, "akka://test"));
    }

    /// <summary>More than any step takes on a machine that does something else.</summary>
    private protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may take to begin its answer.</summary>
    private protected static TimeSpan HeadTimeout { get; } = TimeSpan.FromSeconds(5);

    private protected ITestDatabase Database { get; }

    private protected DataOptions Options { get; init; } = Quick();

    /// <summary>Clock of the entities; downloads and timers go by the real one.</summary>
    private protected TimeProvider Time { get; init; } = TimeProvider.System;

    private protected TempFolder Files { get; } = new();

    private protected FakeViews Views { get; } = new();

    private protected ClusterSettings Settings { get; } = new();

    private protected NodeMetrics Metrics { get; } = new(Some.NodeA);

    /// <summary>Has pretrained models; null: there is none.</summary>
    private protected RepositoryAddress? Repository { get; init; }

    private protected FakeArchiveCheck Archives { get; } = new();

    private protected IChunkSource Chunks { get; }

    private protected JournalRows Rows => field ??= new JournalRows(Database.Server);

    private protected IActorRef Tasks => _tasks ??= Sys.ActorOf(EntityRegion.Props(
        id => TaskActor.Props(new TaskId(id), Options, Time, Settings),
        m => (m as IWithTaskId)?.TaskId.Value,
        Watcher));

    private protected IActorRef Models => _models ??= Sys.ActorOf(EntityRegion.Props(
        id => ModelActor.Props(new ModelId(id), Services()), m => (m as IWithModelId)?.ModelId.Value, Watcher));

    private protected TestProbe Watcher => _watcher ??= CreateTestProbe();

    /// <summary>Sets one setting of the cluster, in place of all others.</summary>
    private protected void Set(Setting setting, string value) => Settings.Take(SettingsSnapshot.Of(
        Settings.Current.Version + 1, [new SettingEntry(setting.Name, value)], []));

    private static DataOptions Quick() => new()
    {
        Limits = new ModelLimits { MaxChunkBytes = ChunkBytes, MaxModelBytes = 20_000 },
        Tick = TimeSpan.FromMilliseconds(100),
        NodeRetry = TimeSpan.FromMilliseconds(300),
        TaskRetry = TimeSpan.FromMilliseconds(300),
        NodeLostAfter = TimeSpan.FromMilliseconds(300),
        UndeployTimeout = TimeSpan.FromSeconds(5),
        SupervisorPoll = TimeSpan.FromMilliseconds(100),
        SupervisorPoke = TimeSpan.FromSeconds(1),
        IdleCheck = TimeSpan.FromMilliseconds(100),
        Uploads = new UploadOptions { SilenceTimeout = TimeSpan.FromMinutes(2) },
    };

    // After the system, which may still be writing.
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _fetcher.Dispose();
        _buffers.Dispose();
        Files.Dispose();
        Database.Dispose();
    }

    private ModelServices Services() => new(
        Some.NodeA,
        Options,
        Time,
        Views,
        Tasks,
        () => null,
        new ContentCheck(Chunks, Archives),
        new DownloadSetup(
            _fetcher,
            _buffers,
            new UploadSlots(() => Settings.Current.Downloads(configured: 2)),
            new PumpLimits(Options.Limits.MaxModelBytes, Options.Uploads.SilenceTimeout, Options.Limits.TaskTimeout),
            TimeProvider.System)
        {
            Running = Metrics.Downloads,
            Repository = Repository is { } address
                ? new ModelRepository(address, "list.json", _fetcher, HeadTimeout, TimeProvider.System)
                : null,
        },
        Rows)
    {
        Metrics = Metrics,
        Settings = Settings,
    };
}
