using System.Security.Cryptography;
using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>What a client and an ml node do to a data node, with waits that have deadlines.</summary>
public abstract class ModelKit : DataKit
{
    private protected ModelKit(ITestDatabase database)
        : base(database)
    {
    }

    /// <summary>Writes events under a name, as its entity would.</summary>
    private protected void WriteEvents(string persistenceId, string journal, IReadOnlyList<object> events)
    {
        var writer = Sys.ActorOf(EventWriter.Props(persistenceId, journal));
        Watch(writer);
        writer.Tell(events);
        ExpectTerminated(writer, Patience);
    }

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
        var id = new CommandId(upload);
        var first = SendSegment(path, new ChunkSegment(model, id, number, 0, false, bytes.AsMemory(0, half)));
        return first is ChunkSegmentAcknowledged
            ? SendSegment(path, new ChunkSegment(model, id, number, half, true, bytes.AsMemory(half)))
            : first;
    }

    private protected IModelReply SendSegment(string path, ChunkSegment segment)
    {
        var caller = CreateTestProbe();
        Sys.ActorSelection(path).Tell(segment, caller);
        return caller.ExpectMsg<IModelReply>(
            Patience, $"answer to segment {segment.OffsetBytes} of chunk {segment.ChunkNumber}");
    }

    /// <summary>Ends an entity as a crash does: nothing is asked of it first.</summary>
    private protected void Crash(IActorRef region, string id)
    {
        region.Tell(new EntityRegion.KillNow(id));
        Watcher.FishForMessage(m => m is EntityRegion.Ended e && e.Id == id, Patience);
    }

    /// <summary>From here on what is unfinished is found by itself.</summary>
    private protected void StartSupervisor() => Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
        Options, Time, Views, Models, Tasks, AttentionFeed.ReadJournal, Rows)));

    private protected byte[] Content(ModelId model, IEnumerable<ChunkRef> chunks)
    {
        using var stream = new ChunkStream(Chunks, model, chunks, CancellationToken.None);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private protected string Address => ((ExtendedActorSystem)Sys).Provider.DefaultAddress.ToString();

    private protected RegisterModel Command(byte[] bytes)
    {
        var path = Path.Combine(Files.FullName, "model.zip");
        File.WriteAllBytes(path, bytes);
        return Some.RegisterByUrl() with { Url = "file://" + path };
    }

    private protected void Upload(byte[] bytes) => Ask<ModelAccepted>(Command(bytes));

    private protected void UploadAndWait()
    {
        Upload(Bytes(1_500));
        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
    }

    private protected void RegisterMeta(byte[] bytes, int chunks) =>
        Ask<ModelAccepted>(Some.RegisterMeta(chunks) with { Sha256 = Sha256(bytes) });

    private protected static byte[] Part(byte[] bytes, int number) =>
        bytes.AsSpan(number * ChunkBytes, Math.Min(ChunkBytes, bytes.Length - (number * ChunkBytes))).ToArray();

    /// <summary>Deploys to this system's own model host, which is the test.</summary>
    private protected LoadModel Deploy(TaskId? task = null)
    {
        Views.Show(FakeViews.Node(Some.NodeA, Address));
        Ask<ModelAccepted>(Some.Deploy(task));
        return ExpectMsg<LoadModel>(Patience);
    }

    private protected void Report(NodeDeploymentStatus status, string? error = null)
    {
        var acknowledged = Ask<NodeReportAcknowledged>(Some.Report(Some.NodeA, status, error: error));
        Assert.Equal(new NodeReportAcknowledged(Some.Model, Some.NodeA, 1, status), acknowledged);
    }
}
