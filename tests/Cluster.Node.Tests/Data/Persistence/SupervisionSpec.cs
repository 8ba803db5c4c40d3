using Akka;
using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Tasks and the supervisor over them.</summary>
public abstract class SupervisionSpec(ITestDatabase database) : ModelKit(database)
{
    [SkippableFact]
    public void Task_Deleted_KeepsOneRowAndTakesLateWords()
    {
        UploadAndWait();
        var delete = new DeleteTask(Some.Registration, new CommandId("d"));
        var deleted = AskTask<TaskDeletedReply>(delete);
        Await(() => Assert.Equal(1, Database.JournalRows("task-register-1")));
        Crash(Tasks, Some.Registration.Value);

        Assert.Equal(deleted, AskTask<TaskDeletedReply>(delete));
        AskTask<TaskAccepted>(new FinishTask(Some.Registration, null, "late"));
        Assert.Equal(
            ErrorCode.NotFound, AskTask<TaskRejected>(new GetTask(Some.Registration)).Error.Code);
    }

    [SkippableFact]
    public void Supervisor_StartedLater_KnowsWhatIsWantedAndWakesIt()
    {
        UploadAndWait();
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        var models = CreateTestProbe();
        var supervisor = Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options, TimeProvider.System, Views, models, CreateTestProbe(), AttentionFeed.ReadJournal, Rows)));

        var caller = CreateTestProbe();
        DeploymentsReply? reply = null;
        Await(() =>
        {
            supervisor.Tell(new GetDeployments(), caller);
            reply = caller.ExpectMsg<DeploymentsReply>(Patience);
            Assert.True(reply.Complete);
            Assert.Equal(ModelStatus.Deployed, Assert.Single(reply.Models).Status);
        });

        Assert.Equal("TEXT_EMBEDDING", reply!.Models[0].FunctionName);
        // The node is a new process that serves nothing yet.
        Views.Show(FakeViews.Node(Some.NodeA, Address, incarnation: 2));
        models.FishForMessage<ReconcileModel>(r => r.ModelId == Some.Model, Patience);
    }

    // What a wake-up would be said to is being handed over.
    [SkippableFact]
    public void Supervisor_NodeEnds_WakesNobody()
    {
        AskTask<TaskAccepted>(Some.OpenDeployment(Some.NodeA));
        var shutdown = CoordinatedShutdown.Get(Sys);
        var held = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "held", () => held.Task);
        _ = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        var (tasks, caller) = (CreateTestProbe(), CreateTestProbe());
        var supervisor = Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options, TimeProvider.System, Views, CreateTestProbe(), tasks, AttentionFeed.ReadJournal, Rows)));

        Await(() =>
        {
            supervisor.Tell(new GetDeployments(), caller);
            Assert.True(caller.ExpectMsg<DeploymentsReply>(Patience).Complete);
        });

        // Whoever knows all that is unfinished has said so in the same moment.
        tasks.ExpectNoMsg(TimeSpan.Zero);
        held.SetResult(Done.Instance);
    }

    [SkippableFact]
    public void Supervisor_ModelThatNobodyUses_HasItUndeployedAfterItsTime()
    {
        Ask<ModelAccepted>(Command(Bytes(1_500)) with
        {
            Spec = Some.Spec with { DeploySetting = new DeploySetting(null, 2) },
        });
        TaskEnd(Some.Registration);
        Deploy();
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
        Views.Show(FakeViews.Node(Some.NodeA, Address, 1, Some.Model));
        var models = CreateTestProbe();
        var supervisor = Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options, TimeProvider.System, Views, models, CreateTestProbe(), AttentionFeed.ReadJournal, Rows)));

        var question = FishForMessage<GetNodeProfile>(_ => true, Patience);
        var idle = new ModelProfile(Some.Model, ModelStage.Serving, "TEXT_EMBEDDING", 1, null, null)
        {
            IdleMilliseconds = 120_000,
        };
        supervisor.Tell(new NodeProfileReply(Some.NodeA, [idle]), TestActor);

        Assert.Equal([Some.Model], question.ModelIds);
        var undeploy = models.FishForMessage<UndeployModel>(_ => true, Patience);
        Assert.Equal((Some.Model, Dialect.Current), (undeploy.ModelId, undeploy.Dialect));
        Assert.Empty(undeploy.NodeIds);
    }

    [SkippableFact]
    public void Supervisor_OpenTask_IsSweptUntilItEnds()
    {
        AskTask<TaskAccepted>(Some.OpenDeployment(Some.NodeA));
        var tasks = CreateTestProbe();

        Sys.ActorOf(DeploymentSupervisor.Props(new SupervisorSetup(
            Options, TimeProvider.System, Views, CreateTestProbe(), tasks, AttentionFeed.ReadJournal, Rows)));

        Assert.Equal(Some.Deployment, tasks.ExpectMsg<SweepTask>(Patience).TaskId);
    }
}
