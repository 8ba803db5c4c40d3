using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Uploads by chunks.</summary>
public abstract class ChunkUploadSpec(ITestDatabase database) : ModelKit(database)
{
    [SkippableFact]
    public void UploadByChunks_AnyOrderEachTwice_Registers()
    {
        var bytes = Bytes(2_500);
        RegisterMeta(bytes, 3);
        RegisterMeta(bytes, 3);

        foreach (var number in new[] { 2, 0, 1 })
        {
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"first-{number}"));
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"second-{number}"));
        }

        Assert.Equal(ModelStatus.Registered, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
        Assert.Equal(2_500, Database.ChunkBytes("model-1"));
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [SkippableFact]
    public void UploadByChunks_JournalFails_SaysThatTheChunkIsNotSaved()
    {
        var bytes = Bytes(2_500);
        RegisterMeta(bytes, 3);
        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 0, Part(bytes, 0), "u0"));
        Database.LoseChunks();

        var error = Assert.IsType<ModelRejected>(SendChunk(Some.Model, 1, Part(bytes, 1), "u1")).Error;

        Assert.Equal(ErrorCode.Unavailable, error.Code);
        Assert.StartsWith("Failed to save model chunk: ", error.Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void UploadByChunks_CrashBetweenChunks_GoesOn()
    {
        var bytes = Bytes(2_500);
        RegisterMeta(bytes, 3);
        for (var number = 0; number < 3; number++)
        {
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"u{number}"));
            Crash(Models, "model-1");
        }

        AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [SkippableFact]
    public void UploadByChunks_WrongThenRightBytes_RegistersWithTheRight()
    {
        var bytes = Bytes(1_500);
        RegisterMeta(bytes, 2);
        EventFilter.Warning(contains: "Model model-1, task none: model content changed").ExpectOne(Patience, () =>
        {
            SendChunk(Some.Model, 0, Bytes(1_000, seed: 2), "wrong");
            SendChunk(Some.Model, 1, Part(bytes, 1), "u1");
        });
        Ask<ModelAccepted>(Some.Deploy());
        var failed = TaskEnd(Some.Deployment);
        Assert.Equal(TaskStatus.Failed, failed.Status);
        Assert.Contains($"expected sha-256 is {Sha256(bytes)}", failed.Error, StringComparison.Ordinal);

        SendChunk(Some.Model, 0, Part(bytes, 0), "right");

        var document = AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(Sha256(bytes), document.Content.Sha256);
        Await(() => Assert.Equal(2, Database.ChunkRows("model-1")));
        Assert.Equal(bytes, Content(Some.Model, Deploy(new TaskId("deploy-2")).Chunks));
    }

    [SkippableFact]
    public async Task UploadByChunks_ChunkReplacedDuringTheCheck_CancelsThatCheck()
    {
        Archives.HoldsFirst = true;
        var bytes = Bytes(1_500);
        RegisterMeta(bytes, 2);
        SendChunk(Some.Model, 0, Part(bytes, 0), "u0");
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 1)).WriterPath;
        Sys.ActorSelection(path).Tell(
            new ChunkSegment(Some.Model, new CommandId("u1"), 1, 0, true, Part(bytes, 1)), CreateTestProbe());
        await Archives.FirstIsHeld.WaitAsync(Patience);

        SendChunk(Some.Model, 0, Bytes(1_000, seed: 2), "wrong");

        await Archives.FirstIsCancelled.WaitAsync(Patience);
        SendChunk(Some.Model, 0, Part(bytes, 0), "right");
        AwaitStatus(Some.Model, ModelStatus.Registered);
        Assert.Equal(2, Archives.Checks);
    }

    [SkippableFact]
    public void Chunk_TooBig_IsRefusedWithTheLimit()
    {
        RegisterMeta(Bytes(10), 1);

        var rejected = Assert.IsType<ModelRejected>(SendChunk(Some.Model, 0, Bytes(ChunkBytes + 1), "u"));

        Assert.Equal(ErrorCode.TooLarge, rejected.Error.Code);
        Assert.StartsWith("Chunk size exceeds 10MB", rejected.Error.Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Chunk_Empty_IsRefused()
    {
        RegisterMeta(Bytes(10), 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;

        var empty = new ChunkSegment(Some.Model, new CommandId("u"), 0, 0, true, Array.Empty<byte>());
        var reply = SendSegment(path, empty);

        Assert.Equal("Chunk size either 0 or null", Assert.IsType<ModelRejected>(reply).Error.Reason);
    }

    // Nobody says of an attempt that it was given up.
    [SkippableFact]
    public void Chunk_MoreAttemptsThanChunksAtOnce_TakePlacesOfEarlierOnes()
    {
        var bytes = Bytes(900);
        RegisterMeta(bytes, 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;
        var attempts = Options.Uploads.ChunksAtOnce + 1;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            Assert.IsType<ChunkSegmentAcknowledged>(SendSegment(path, Segment(attempt, 0, 400)));
        }

        Assert.IsType<ChunkAccepted>(SendSegment(path, Segment(attempts - 1, 400, 900)));

        ChunkSegment Segment(int attempt, int from, int to) => new(
            Some.Model, new CommandId($"u{attempt}"), 0, from, to == bytes.Length, bytes.AsMemory(from..to));
    }

    [SkippableFact]
    public void Chunk_SegmentAgain_IsAnsweredAgain()
    {
        var bytes = Bytes(900);
        RegisterMeta(bytes, 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;
        var upload = new CommandId("u");
        var first = new ChunkSegment(Some.Model, upload, 0, 0, false, bytes.AsMemory(0, 400));
        var last = new ChunkSegment(Some.Model, upload, 0, 400, true, bytes.AsMemory(400));

        Assert.Equal(SendSegment(path, first), SendSegment(path, first));
        Assert.Equal(SendSegment(path, last), SendSegment(path, last));

        Assert.Equal(900, Database.ChunkBytes("model-1"));
        Assert.Equal(ModelStatus.Registered, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [SkippableFact]
    public void Chunk_MiddleOfAnUnknownUpload_AsksForTheChunkAgain()
    {
        RegisterMeta(Bytes(900), 1);
        var path = Ask<ChunkWriterReady>(new PrepareChunk(Some.Model, 0)).WriterPath;

        var reply = SendSegment(path, new ChunkSegment(Some.Model, new CommandId("u"), 0, 400, true, Bytes(500)));

        Assert.Equal(ErrorCode.Unavailable, Assert.IsType<ModelRejected>(reply).Error.Code);
    }
}
