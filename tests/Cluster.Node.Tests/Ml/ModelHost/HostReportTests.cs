using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>What the host says of its models.</summary>
public sealed class HostReportTests : HostKit
{
    [Fact]
    public void Report_NotAcknowledged_IsSaidAgain()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        // A late word on Loading must not count.
        Host.Tell(new NodeReportAcknowledged(Id, TestModels.Node, 1, NodeDeploymentStatus.Loading));
        ExpectReport(NodeDeploymentStatus.Loaded);
        ExpectReport(NodeDeploymentStatus.Loaded);
    }

    [Fact]
    public void Report_Loaded_TellsTheSizeOfTheUnpackedModel()
    {
        var loader = Load(TestModels.Load());
        loader.Tell(new ContentMeasured(Id, new ContentSize(1_000, 0), FreeDiskBytes: null));
        Loaders.ExpectMsg<ContentAdmitted>();

        Serve(loader);

        var report = Models.FishForMessage<ReportNodeDeployment>(
            r => r.Status == NodeDeploymentStatus.Loaded, Patience.Deadline);
        Assert.Equal(1_000, report.ModelBytes);
    }

    [Fact]
    public void Progress_WhileLoading_GoesToTheTask()
    {
        var loader = Load(TestModels.Load());

        loader.Tell(new FetchProgressed(Id, 0.5f));

        var progress = Tasks.FishForMessage<ReportProgress>(p => p.Progress > 0, Patience.Deadline);
        Assert.Equal(
            new ReportProgress(TestModels.Task, 0.35f, Id, TestModels.Node), progress);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GetNodeProfile_PredictionsUnderWay_AreToldWhereTheyAreWanted(bool wanted)
    {
        var monitor = TestModels.Monitor(new FakeServedModel());
        using var running = monitor.Running.Enter(Predict(Id));
        Load(TestModels.Load()).Tell(new ServiceBegan(Id, Entry, monitor));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        Host.Tell(new GetNodeProfile([]) { WithPredictions = wanted }, TestActor);

        var predictions = Assert.Single(ExpectMsg<NodeProfileReply>().Models).Predictions;
        Assert.Equal(wanted ? [new RunningPrediction(new TaskId("r"), running.Began)] : [], predictions);
    }

    [Fact]
    public void GetNodeProfile_LoadingAndServed_TellsBoth()
    {
        Serve(Load(TestModels.Load()));
        Load(TestModels.Load(Other));

        Host.Tell(new GetNodeProfile([]), TestActor);

        var models = ExpectMsg<NodeProfileReply>().Models.ToDictionary(m => m.ModelId);
        Assert.Equal((ModelStage.Serving, "equal_length"), (models[Id].Stage, models[Id].Serving!.Batching));
        Assert.Equal((7, 0), (models[Id].Serving!.QueuedTokens, models[Id].Serving!.Documents));
        Assert.Equal(ModelStage.Fetching, models[Other].Stage);
        Assert.Null(models[Other].Serving);
    }
}
