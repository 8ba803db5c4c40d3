using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Deployments, their end, and what a deletion leaves.</summary>
public abstract class DeploymentSpec(ITestDatabase database) : ModelKit(database)
{
    [SkippableFact]
    public void Deploy_NodeReports_EndsTheTask()
    {
        UploadAndWait();
        var load = Deploy();
        Assert.Equal(1, load.PlanVersion);

        Report(NodeDeploymentStatus.Loaded);
        Report(NodeDeploymentStatus.Loaded);

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Deployment).Status);
        Assert.Equal(ModelStatus.Deployed, Ask<ModelDocument>(new GetModel(Some.Model)).Status);
    }

    [SkippableFact]
    public void Deploy_EntityCrashesWhileTheNodeLoads_TellsItAgainAndEndsTheTask()
    {
        UploadAndWait();
        Deploy();
        Crash(Models, "model-1");
        Crash(Tasks, Some.Deployment.Value);

        Models.Tell(new ReconcileModel(Some.Model));
        ExpectMsg<LoadModel>(Patience);
        Report(NodeDeploymentStatus.Failed, "out of memory");

        Assert.Equal("""{"node-a":"out of memory"}""", TaskEnd(Some.Deployment).Error);
        AwaitStatus(Some.Model, ModelStatus.DeployFailed);
    }

    [SkippableFact]
    public void Deploy_NodeLeavesWhileLoading_FailsItsPart()
    {
        UploadAndWait();
        Views.Show(FakeViews.Node(Some.NodeA, Address), FakeViews.Node(Some.NodeB, "akka.tcp://nowhere@127.0.0.1:1"));
        Ask<ModelAccepted>(Some.Deploy(null, "node-a", "node-b"));
        ExpectMsg<LoadModel>(Patience);
        Report(NodeDeploymentStatus.Loaded);

        Views.Show(FakeViews.Node(Some.NodeA, Address, 1, Some.Model));

        var task = TaskEnd(Some.Deployment);
        Assert.Equal(TaskStatus.CompletedWithError, task.Status);
        Assert.Contains("node left", task.Error, StringComparison.Ordinal);
        AwaitStatus(Some.Model, ModelStatus.PartiallyDeployed);
    }

    [SkippableFact]
    public void Deploy_LimitThatASettingChanges_HoldsFromTheNextDeployment()
    {
        UploadAndWait();
        Views.Show(FakeViews.Node(Some.NodeA, Address));
        Set(MlSettings.MaxModelOnNode, "0");

        Ask<ModelAccepted>(Some.Deploy());
        var task = TaskEnd(Some.Deployment);
        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.Contains("0 models of at most 0 (max_model_on_node)", task.Error, StringComparison.Ordinal);

        Set(MlSettings.MaxModelOnNode, "1");
        Deploy(new TaskId("deploy-2"));
    }

    // A model's owner moves to another data node and comes back to the first: events of one process, of another, and of
    // the first again are all its own.
    [SkippableFact]
    public void Recovery_OwnerHadMovedAwayAndBack_KnowsEveryEvent()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        var before = Ask<ModelDocument>(new GetModel(Some.Model));
        Database.GiveToAnotherWriter("model-model-1");

        Crash(Models, "model-1");

        Assert.Equivalent(before, Ask<ModelDocument>(new GetModel(Some.Model)), strict: true);
    }

    [SkippableFact]
    public void Undeploy_NodeAnswers_ThenDeleteLeavesNoChunkAndNoCounts()
    {
        var statistics = CreateTestProbe();
        Sys.ActorOf(Forwarder.Props(statistics), NodeStatisticsActor.Name);
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        Assert.Equal(
            ErrorCode.BadState, Ask<ModelRejected>(new DeleteModel(Some.Model, new CommandId("early"))).Error.Code);

        var caller = CreateTestProbe();
        Models.Tell(Some.Undeploy("u"), caller);
        var unload = FishForMessage<UnloadModel>(_ => true, Patience);
        Models.Tell(new ModelUnloaded(Some.Model, Some.NodeA, unload.PlanVersion, WasLoaded: true));
        Assert.True(caller.ExpectMsg<ModelUndeployed>(Patience).Removed["node-a"]);
        Assert.True(Ask<ModelUndeployed>(Some.Undeploy("u")).Removed["node-a"]);

        var delete = new DeleteModel(Some.Model, new CommandId("d"));
        var deleted = Ask<ModelDeletedReply>(delete);
        Await(() => Assert.Equal(0, Database.ChunkBytes("model-1")));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));
        Assert.Equal(Some.Model, statistics.ExpectMsg<ForgetModelStatistics>(Patience).ModelId);
        Crash(Models, "model-1");
        Assert.Equal(deleted, Ask<ModelDeletedReply>(delete));
        Assert.Equal(
            ErrorCode.NotFound,
            Ask<ModelRejected>(new DeleteModel(Some.Model, new CommandId("other"))).Error.Code);
    }
}
