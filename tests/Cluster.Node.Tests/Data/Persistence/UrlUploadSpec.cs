using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Uploads by URL.</summary>
public abstract class UrlUploadSpec(ITestDatabase database) : ModelKit(database)
{
    [SkippableFact]
    public void UploadByUrl_File_RegistersAndReadsBackTheSameBytes()
    {
        var bytes = Bytes(2_500);

        Upload(bytes);

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
        var task = AskTask<TaskDocument>(new GetTask(Some.Registration));
        Assert.Equal(Some.Model, task.ModelId);
        Assert.Equal([Some.NodeA], task.WorkerNodes);
        var document = Ask<ModelDocument>(new GetModel(Some.Model));
        Assert.Equal(ModelStatus.Registered, document.Status);
        Assert.Equal(new ModelContent(2_500, Sha256(bytes), 3, 3), document.Content);
        Assert.Equal(2_500, Database.ChunkBytes("model-1"));
        var load = Deploy();
        Assert.Equal(bytes, Content(Some.Model, load.Chunks));
    }

    [SkippableFact]
    public void UploadByUrl_CommandTwice_IsOneUpload()
    {
        var command = Command(Bytes(2_500));

        Ask<ModelAccepted>(command);
        Ask<ModelAccepted>(command);
        TaskEnd(Some.Registration);
        Ask<ModelAccepted>(command);

        Assert.Equal(2_500, Database.ChunkBytes("model-1"));
        Assert.Equal(1, Archives.Checks);
    }

    [SkippableFact]
    public void UploadByUrl_WrongHash_FailsWithBothHashesAndLeavesNothing()
    {
        var bytes = Bytes(2_500);

        Ask<ModelAccepted>(Command(bytes) with { Sha256 = Some.Hash });

        var task = TaskEnd(Some.Registration);
        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.Equal(
            $"model content changed: the expected sha-256 is {Some.Hash}, the actual one {Sha256(bytes)}", task.Error);
        AwaitGone(Some.Model);
        Await(() => Assert.Equal(0, Database.ChunkBytes("model-1")));
    }

    [SkippableFact]
    public void UploadByUrl_BadArchive_FailsWithTheReasonAndLeavesNothing()
    {
        Upload([.. FakeArchiveCheck.Bad, .. Bytes(1_500)]);

        Assert.Equal("Can't find model file", TaskEnd(Some.Registration).Error);
        AwaitGone(Some.Model);
        Await(() => Assert.Equal(0, Database.ChunkBytes("model-1")));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
    }

    [SkippableFact]
    public void UploadByUrl_TooBig_FailsWithTheSize()
    {
        Upload(Bytes(20_001));

        Assert.Equal(
            "Model file size exceeds the limit of 4GB: 20001; here mlcluster.data.uploads.max-model-size allows 20000 "
            + "bytes",
            TaskEnd(Some.Registration).Error);
    }

    [SkippableFact]
    public void UploadByUrl_MoreAtOnceThanASettingLets_FailsUntilItLetsMore()
    {
        Set(MlSettings.MaxRegisterTasks, "0");
        Upload(Bytes(1_500));
        Assert.StartsWith(
            "exceed max running task limit: 0 downloads run on this node",
            TaskEnd(Some.Registration).Error,
            StringComparison.Ordinal);
        AwaitGone(Some.Model);

        Set(MlSettings.MaxRegisterTasks, "1");
        var second = new TaskId("register-2");
        Ask<ModelAccepted>(Command(Bytes(1_500)) with { ModelId = new ModelId("model-2"), TaskId = second });

        Assert.Equal(TaskStatus.Completed, TaskEnd(second).Status);
    }

    [SkippableFact]
    public void UploadByUrl_EntityCrashesHalfWay_BeginsAgainAndEnds()
    {
        var bytes = Bytes(2_500);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = HalfWay(bytes, goOn.Task);

        Crash(Models, "model-1");
        goOn.SetResult();
        Models.Tell(new ReconcileModel(Some.Model));

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
        Assert.Equal(2, server.Requests);
        Await(() => Assert.Equal(2_500, Database.ChunkBytes("model-1")));
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    // After the loss of a node its downloads move to others, which may have as many of their own as they may.
    [SkippableFact]
    public void UploadByUrl_MovedToANodeWithoutAFreePlace_WaitsForOne()
    {
        var bytes = Bytes(2_500);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = HalfWay(bytes, goOn.Task);
        Set(MlSettings.MaxRegisterTasks, "0");

        Crash(Models, "model-1");
        goOn.SetResult();
        Models.Tell(new ReconcileModel(Some.Model));
        // Answered behind the beginning of the second attempt.
        Assert.Equal(ModelStatus.Registering, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
        Set(MlSettings.MaxRegisterTasks, "1");

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [SkippableFact]
    public void UploadByUrl_ServerNeverAnswers_FailsWithTheLimit()
    {
        using var server = new ScriptedServer((_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop));

        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });

        Assert.EndsWith("no answer came for 5 seconds", TaskEnd(Some.Registration).Error, StringComparison.Ordinal);
        AwaitGone(Some.Model);
    }

    [SkippableFact]
    public void UploadByUrl_DeletedHalfWay_EndsTheTaskAndLeavesNothing()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 5_000);
            await stream.WriteAsync(Bytes(2_000), stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.True(Database.ChunkBytes("model-1") >= 1_000));

        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));

        Assert.Equal("the model was deleted", TaskEnd(Some.Registration).Error);
        Await(() => Assert.Equal(0, Database.ChunkBytes("model-1")));
    }
    /// <summary>An upload whose server stops within the third chunk until it is told to go on.</summary>
    private ScriptedServer HalfWay(byte[] bytes, Task goOn)
    {
        var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, bytes.Length);
            await stream.WriteAsync(bytes.AsMemory(0, 2_200), stop);
            await goOn.WaitAsync(stop);
            await stream.WriteAsync(bytes.AsMemory(2_200), stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.Equal(2_000, Database.ChunkBytes("model-1")));
        return server;
    }

}
