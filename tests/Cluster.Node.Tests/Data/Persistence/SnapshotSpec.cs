using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>A model that lives long has a journal that does not grow.</summary>
public abstract class SnapshotSpec : ModelKit
{
    private const int After = 12;
    private const int Rounds = 8;

    protected SnapshotSpec(ITestDatabase database)
        : base(database)
    {
        Options = Options with { Limits = Options.Limits with { SnapshotAfter = After } };
    }

    [SkippableFact]
    public void LongLife_Journal_StaysShortAndSaysTheSame()
    {
        UploadAndWait();
        for (var round = 1; round <= Rounds; round++)
        {
            DeployAndUndeploy(round);
        }

        // Each round is some eight events, each with a tag. The last of the removed ones stays, marked.
        Await(() => Assert.InRange(Database.Traces("model-model-1"), 1, 2 * (After + 10)));
        var before = Ask<ModelDocument>(new GetModel(Some.Model));
        Crash(Models, "model-1");
        Assert.Equivalent(before, Ask<ModelDocument>(new GetModel(Some.Model)), strict: true);
        // A command of the past is still known.
        Assert.True(Ask<ModelUndeployed>(Some.Undeploy($"u{Rounds}")).Removed["node-a"]);
        Assert.Equal(Bytes(1_500), Content(Some.Model, Deploy(new TaskId("last")).Chunks));
    }

    [SkippableFact]
    public void LongLife_SupervisorStartedLater_KnowsWhatIsWanted()
    {
        UploadAndWait();
        for (var round = 1; round <= 3; round++)
        {
            DeployAndUndeploy(round);
        }

        DeployAndReport(new TaskId("stays"));
        Await(() => Assert.InRange(Database.JournalRows("model-model-1"), 1, After + 5));

        var supervisor = Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options,
            TimeProvider.System,
            Views,
            CreateTestProbe(),
            CreateTestProbe(),
            AttentionFeed.ReadJournal,
            Rows)));

        Await(() =>
        {
            var caller = CreateTestProbe();
            supervisor.Tell(new GetDeployments(), caller);
            var deployment = Assert.Single(caller.ExpectMsg<DeploymentsReply>(Patience).Models);
            Assert.Equal(ModelStatus.Deployed, deployment.Status);
            Assert.True(deployment.ToAllNodes);
        });
    }

    [SkippableFact]
    public void Upload_ManyChunks_SnapshotsOnItsWay()
    {
        const int chunks = 15;
        var bytes = Bytes(chunks * ChunkBytes);
        RegisterMeta(bytes, chunks);
        for (var number = 0; number < chunks; number++)
        {
            Assert.IsType<ChunkAccepted>(SendChunk(Some.Model, number, Part(bytes, number), $"u{number}"));
        }

        AwaitStatus(Some.Model, ModelStatus.Registered);
        Await(() => Assert.InRange(Database.JournalRows("model-model-1"), 1, After));
        Crash(Models, "model-1");
        Assert.Equal(bytes, Content(Some.Model, Deploy().Chunks));
    }

    [SkippableFact]
    public void Crash_BetweenSnapshotAndRemoval_IsMadeGoodAtTheNextStart()
    {
        var model = TestModel.Registered();
        WriteEvents("model-model-1", "", [.. model.Events, ModelSnapshots.Take(model.State, Some.Model, 7)]);
        Assert.Equal(model.Events.Count + 1, Database.JournalRows("model-model-1"));

        var document = Ask<ModelDocument>(new GetModel(Some.Model));

        Assert.Equal(ModelStatus.Registered, document.Status);
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
    }

    private void DeployAndUndeploy(int round)
    {
        DeployAndReport(new TaskId($"d{round}"));
        var caller = CreateTestProbe();
        Models.Tell(Some.Undeploy($"u{round}"), caller);
        var unload = (UnloadModel)FishForMessage(m => m is UnloadModel, Patience);
        Models.Tell(new ModelUnloaded(Some.Model, Some.NodeA, unload.PlanVersion, WasLoaded: true));
        caller.ExpectMsg<ModelUndeployed>(Patience);
    }

    private void DeployAndReport(TaskId task)
    {
        Views.Show(FakeViews.Node(Some.NodeA, Address));
        Ask<ModelAccepted>(Some.Deploy(task));
        var load = (LoadModel)FishForMessage(m => m is LoadModel l && l.TaskId == task, Patience);
        Ask<NodeReportAcknowledged>(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded, load.PlanVersion));
        TaskEnd(task);
    }
}
