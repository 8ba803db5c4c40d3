using System.Security.Cryptography;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Data.Tasks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Tests.Domain;
using MlCluster.Node.Tests.Ml.Fakes;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>A data node without its cluster: real entities and journals, regions and nodes that a test plays.</summary>
public abstract class DataKit : TestKit
{
    internal const int ChunkBytes = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly UrlFetcher _fetcher;
    private readonly ChunkBuffers _buffers = new(8, 2, ChunkBytes);
    private IActorRef? _tasks;
    private IActorRef? _models;
    private TestProbe? _watcher;

    private protected DataKit(Config config, DataOptions? options = null)
        : base(config)
    {
        Options = options ?? Quick();
        _fetcher = new UrlFetcher(
            new UrlPolicy(Options.Uploads.TrustedUrl, true, [RealPath.Resolve(Files.FullName)]),
            TimeSpan.FromSeconds(5),
            Options.Uploads.SilenceTimeout);
        Chunks = new JournalChunkSource(() => Sys, TimeSpan.FromSeconds(30));
        Views.Show(FakeViews.Node(Some.NodeA, "akka://test"));
    }

    private protected DataOptions Options { get; }

    private protected TempFolder Files { get; } = new();

    private protected FakeViews Views { get; } = new();

    private protected FakeArchiveCheck Archives { get; } = new();

    private protected IChunkSource Chunks { get; }

    private protected IActorRef Tasks => _tasks ??= Sys.ActorOf(EntityRegion.Props(
        id => TaskActor.Props(new TaskId(id), Options, TimeProvider.System),
        m => (m as IWithTaskId)?.TaskId.Value,
        Watcher));

    private protected IActorRef Models => _models ??= Sys.ActorOf(EntityRegion.Props(
        id => ModelActor.Props(new ModelId(id), Services()), m => (m as IWithModelId)?.ModelId.Value, Watcher));

    private protected TestProbe Watcher => _watcher ??= CreateTestProbe();

    private protected static DataOptions Quick() => new()
    {
        Limits = new ModelLimits { MaxChunkBytes = ChunkBytes, MaxModelBytes = 20_000 },
        Tick = TimeSpan.FromMilliseconds(100),
        NodeRetry = TimeSpan.FromMilliseconds(300),
        TaskRetry = TimeSpan.FromMilliseconds(300),
        NodeLostAfter = TimeSpan.FromMilliseconds(300),
        UndeployTimeout = TimeSpan.FromSeconds(5),
        SupervisorPoll = TimeSpan.FromMilliseconds(100),
        SupervisorPoke = TimeSpan.FromSeconds(1),
        Uploads = new UploadOptions { SilenceTimeout = TimeSpan.FromSeconds(5) },
    };

    private protected static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private protected static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Sends a command to a model and waits for its answer.</summary>
    private protected T Ask<T>(IWithModelId command)
    {
        var caller = CreateTestProbe();
        Models.Tell(command, caller);
        return caller.ExpectMsg<T>(Patience, $"{typeof(T).Name} for {command.GetType().Name}");
    }

    private protected T AskTask<T>(IWithTaskId command)
    {
        var caller = CreateTestProbe();
        Tasks.Tell(command, caller);
        return caller.ExpectMsg<T>(Patience, $"{typeof(T).Name} for {command.GetType().Name}");
    }

    private protected TaskDocument TaskEnd(TaskId task)
    {
        TaskDocument? document = null;
        AwaitAssert(
            () =>
            {
                document = AskTask<TaskDocument>(new GetTask(task));
                Assert.True(document.Status > TaskStatus.Running, $"task {task} is {document.Status}");
            },
            Patience);
        return document!;
    }

    private protected ModelDocument AwaitStatus(ModelId model, ModelStatus status)
    {
        ModelDocument? document = null;
        AwaitAssert(
            () =>
            {
                document = Ask<ModelDocument>(new GetModel(model));
                Assert.Equal(status, document.Status);
            },
            Patience);
        return document!;
    }

    private protected void AwaitGone(ModelId model) => AwaitAssert(
        () => Assert.Equal(ErrorCode.NotFound, Ask<ModelRejected>(new GetModel(model)).Error.Code), Patience);

    private protected void Await(Action assertion) => AwaitAssert(assertion, Patience);

    /// <summary>Sends one chunk as the gateway does, in two segments.</summary>
    private protected IModelReply SendChunk(ModelId model, int number, byte[] bytes, string upload)
    {
        var ready = Ask<IModelReply>(new PrepareChunk(model, number));
        if (ready is not ChunkWriterReady { WriterPath: var path })
        {
            return ready;
        }

        var half = bytes.Length / 2;
        var first = SendSegment(path, new ChunkSegment(model, new CommandId(upload), number, 0, false, bytes.AsMemory(0, half)));
        return first is ChunkSegmentAcknowledged
            ? SendSegment(path, new ChunkSegment(model, new CommandId(upload), number, half, true, bytes.AsMemory(half)))
            : first;
    }

    private protected IModelReply SendSegment(string path, ChunkSegment segment)
    {
        var caller = CreateTestProbe();
        Sys.ActorSelection(path).Tell(segment, caller);
        return caller.ExpectMsg<IModelReply>(Patience, $"answer to segment {segment.OffsetBytes} of chunk {segment.ChunkNumber}");
    }

    /// <summary>Ends an entity as a crash does: nothing is asked of it first.</summary>
    private protected void Crash(IActorRef region, string id)
    {
        region.Tell(new EntityRegion.KillNow(id));
        Watcher.FishForMessage(m => m is EntityRegion.Ended e && e.Id == id, Patience);
    }

    private protected byte[] Content(ModelId model, IEnumerable<ChunkRef> chunks)
    {
        using var stream = new ChunkStream(Chunks, model, chunks, CancellationToken.None);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    // After the system, which may still be writing.
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _fetcher.Dispose();
        _buffers.Dispose();
        Files.Dispose();
    }

    private protected virtual ModelServices Services() => new(
        Some.NodeA,
        Options,
        TimeProvider.System,
        Views,
        Tasks,
        () => null,
        new ContentCheck(Chunks, Archives),
        new DownloadSetup(
            _fetcher,
            _buffers,
            new UploadSlots(2),
            new PumpLimits(Options.Limits.MaxModelBytes, Options.Uploads.SilenceTimeout, Options.TaskTimeout),
            TimeProvider.System));
}
