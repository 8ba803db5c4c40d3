using Akka.Actor;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Work in which nothing moves: it ends by its deadline, and what it was about ends with it.</summary>
public abstract class StallSpec : ModelKit
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(301);
    private readonly FakeTimeProvider _clock = new();

    protected StallSpec(ITestDatabase database)
        : base(database) => Time = _clock;

    [SkippableFact]
    public void UploadByUrl_NothingMoves_EndsTaskAndModelAndDropsWhatComesLate()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 2_500);
            await stream.WriteAsync(Bytes(2_200), stop);
            await goOn.Task.WaitAsync(stop);
            await stream.WriteAsync(Bytes(300), stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.Equal(2_000, Database.ChunkBytes("model-1")));

        _clock.Advance(2 * Half);

        var task = TaskEnd(Some.Registration);
        Assert.Equal((TaskStatus.Failed, "timeout after 600 seconds"), (task.Status, task.Error));
        AwaitGone(Some.Model);
        goOn.SetResult();
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
        Assert.Equal(0, Database.ChunkBytes("model-1"));
        Assert.Equal(0, Archives.Checks);
        Ask<ModelAccepted>(Some.RegisterByUrl());
        AwaitGone(Some.Model);
    }

    [SkippableFact]
    public void Task_SettingOfAShorterTimeout_EndsOneThatRuns()
    {
        AskTask<TaskAccepted>(Some.OpenDeployment(Some.NodeA));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Tasks.Tell(new SweepTask(Some.Deployment));
        Assert.Equal(TaskStatus.Running, AskTask<TaskDocument>(new GetTask(Some.Deployment)).Status);

        Set(MlSettings.TaskTimeoutSeconds, "30");
        Tasks.Tell(new SweepTask(Some.Deployment));

        var task = TaskEnd(Some.Deployment);
        Assert.Equal((TaskStatus.Failed, "timeout after 30 seconds"), (task.Status, task.Error));
    }

    [SkippableFact]
    public void Task_OwnerDies_KeepsItsDeadline()
    {
        AskTask<TaskAccepted>(Some.OpenDeployment(Some.NodeA));
        _clock.Advance(Half);
        Crash(Tasks, Some.Deployment.Value);
        Assert.Equal(TaskStatus.Running, AskTask<TaskDocument>(new GetTask(Some.Deployment)).Status);

        _clock.Advance(Half);
        Tasks.Tell(new SweepTask(Some.Deployment));

        Assert.Equal("timeout after 600 seconds", TaskEnd(Some.Deployment).Error);
    }

    [SkippableFact]
    public void UploadByChunks_NoChunkForADay_LeavesNothing()
    {
        RegisterMeta(Bytes(2_500), 3);
        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 1, Bytes(1_000), "u1"));
        Assert.Equal(1_000, Database.ChunkBytes("model-1"));

        _clock.Advance(TimeSpan.FromHours(25));

        AwaitGone(Some.Model);
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
        Assert.Equal(0, Database.ChunkBytes("model-1"));
    }

    [SkippableFact]
    public void UploadByChunks_OwnerDiesHalfWay_LeavesNothingAfterADayEither()
    {
        RegisterMeta(Bytes(2_500), 3);
        Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, 1, Bytes(1_000), "u1"));

        Crash(Models, "model-1");
        _clock.Advance(TimeSpan.FromHours(25));
        StartSupervisor();

        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
        Await(() => Assert.Equal(0, Database.ChunkBytes("model-1")));
    }

    [SkippableFact]
    public void UploadByUrl_MovesFromTimeToTime_GoesOn()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteAsync(stream, "HTTP/1.1 200 OK\nConnection: close\n\n");
            await stream.WriteAsync(Bytes(1_100), stop);
            await goOn.Task.WaitAsync(stop);
            await stream.WriteAsync(Bytes(1_100), stop);
        });
        Ask<ModelAccepted>(Some.RegisterByUrl() with { Url = server.Url("/a.zip") });
        Await(() => Assert.Equal(1_000, Database.ChunkBytes("model-1")));
        var before = AskTask<TaskDocument>(new GetTask(Some.Registration)).LastUpdateTime;

        _clock.Advance(Half);
        goOn.SetResult();

        var end = TaskEnd(Some.Registration);
        Assert.Equal(TaskStatus.Completed, end.Status);
        Assert.True(end.LastUpdateTime > before);
    }

    [SkippableFact]
    public void Deploy_NodeSaysTheSameForEver_EndsTaskAndNode()
    {
        UploadAndWait();
        Deploy();
        for (var elapsed = TimeSpan.Zero; elapsed <= 2 * Half; elapsed += Half)
        {
            Report(NodeDeploymentStatus.Loading);
            Tasks.Tell(new ReportProgress(Some.Deployment, 0.35f, Some.Model, Some.NodeA));
            Tasks.Tell(new SweepTask(Some.Deployment));
            AskTask<TaskDocument>(new GetTask(Some.Deployment));
            _clock.Advance(Half);
        }

        Assert.Equal("timeout after 600 seconds", TaskEnd(Some.Deployment).Error);
        var document = AwaitStatus(Some.Model, ModelStatus.DeployFailed);
        Assert.Equal("timeout after 600 seconds", Assert.Single(document.Nodes).Error);
    }

    [SkippableFact]
    public void Deploy_NodeServesAfterItWasGivenUp_IsDeployedThoughTheTaskFailed()
    {
        UploadAndWait();
        Deploy();
        _clock.Advance(2 * Half);
        Tasks.Tell(new SweepTask(Some.Deployment));
        AwaitStatus(Some.Model, ModelStatus.DeployFailed);

        Report(NodeDeploymentStatus.Loading);
        Assert.Equal(ModelStatus.DeployFailed, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
        Report(NodeDeploymentStatus.Loaded);

        Assert.Equal(ModelStatus.Deployed, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
        Assert.Equal(TaskStatus.Failed, TaskEnd(Some.Deployment).Status);
    }
}
