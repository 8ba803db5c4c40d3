using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Models;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Work in which nothing moves, and tasks that ended without their model.</summary>
public class OwedTaskTests
{
    private const string Timeout = "timeout after 600 seconds";

    [Theory]
    [InlineData(600_000, false)]
    [InlineData(600_001, true)]
    public void Reconcile_DownloadStandsStill_EndsModelAndTask(long since, bool ends)
    {
        var model = Downloading();
        model.Context = model.Context with { LastProgress = model.Context.Now - since };

        model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(!ends, model.State.Exists);
        Assert.Equal(ends ? Timeout : null, model.State.Tasks[Some.Registration].Error);
    }

    [Fact]
    public void Reconcile_NoDownloadHere_EndsNothing()
    {
        var model = Downloading();

        Assert.Empty(model.Do(new ReconcileModel(Some.Model)).Events);
    }

    [Fact]
    public void Checked_AfterTheDownloadWasGivenUp_IsDropped()
    {
        var model = Downloading();
        model.Context = model.Context with { LastProgress = model.Context.Now - 600_001 };
        model.Do(new ReconcileModel(Some.Model));

        model.Store(Some.Chunk(0));
        model.Check(null);

        Assert.Equal(ModelPhase.Gone, model.State.Phase);
        Assert.False(ChunkDecisions.OfferDownloaded(model.State).Store);
    }

    [Fact]
    public void Told_RegistrationFailed_EndsTheModel()
    {
        var model = Downloading();

        Tell(model, Some.Registration, TaskStatus.Failed);

        Assert.Equal(ModelPhase.Gone, model.State.Phase);
    }

    [Fact]
    public void Told_DeploymentFailed_GivesTheWaitingNodesUpAlone()
    {
        var model = TestModel.Registered();
        model.Do(Some.Deploy());
        model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));

        Tell(model, Some.Deployment, TaskStatus.Failed);

        Assert.Equal(ModelStatus.PartiallyDeployed, model.Status);
        Assert.Equal(Timeout, model.State.Plan.Nodes[Some.NodeB].Error);
        Assert.True(model.State.Tasks[Some.Deployment].IsDecided);
        Assert.DoesNotContain(
            ModelDuties.Of(model.State, model.Context), d => d is Duty.Load { Node.NodeId.Value: "node-b" });
    }

    [Fact]
    public void Report_LoadingOfANodeThatWasGivenUp_ChangesNothing()
    {
        var model = TestModel.Registered();
        model.Do(Some.Deploy());
        Tell(model, Some.Deployment, TaskStatus.Failed);

        Assert.Empty(model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loading)).Events);
        Assert.Equal(ModelStatus.DeployFailed, model.Status);
    }

    [Theory]
    [InlineData(TaskStatus.Running)]
    [InlineData(TaskStatus.Completed)]
    public void Told_NotFailed_ChangesNothing(TaskStatus status)
    {
        var model = TestModel.Registered();
        model.Do(Some.Deploy());

        Tell(model, Some.Deployment, status);

        Assert.Equal(ModelStatus.Deploying, model.Status);
    }

    [Fact]
    public void Told_TaskWhoseEndTheModelKnows_ChangesNothing()
    {
        var model = TestModel.Deployed(Some.NodeA);

        Tell(model, Some.Deployment, TaskStatus.Failed);

        Assert.Equal(ModelStatus.Deployed, model.Status);
    }

    private static TestModel Downloading()
    {
        var model = new TestModel();
        model.Do(Some.RegisterByUrl());
        model.Take(RegistrationDecisions.StartDownload(model.State, Some.Model, model.Context));
        return model;
    }

    private static void Tell(TestModel model, TaskId task, TaskStatus status)
    {
        var document = new TaskDocument(
            task,
            Some.Model,
            TaskType.DeployModel,
            "TEXT_EMBEDDING",
            status,
            WorkerNodes: [],
            CreateTime: 0,
            LastUpdateTime: 0,
            Progress: null,
            Error: Timeout,
            Dialect.Current,
            Version: 1);
        model.Take(OwedTaskDecisions.Told(model.State, Some.Model, document, model.Context));
    }
}
