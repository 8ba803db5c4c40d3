using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Settings;
using MlCluster.Messages.Statistics;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>A cluster in which everything that is asked for is there and works.</summary>
internal static class WorkingCluster
{
    private static readonly LatencySummary Latency = new(11, 35, 6.1, 9.2, 7.4, 15.9, 34);

    public static void AnswerEverything(this FakeCluster cluster)
    {
        cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served), Samples.Node(Samples.NodeB));
        AnswerModels(cluster);
        AnswerGroups(cluster);
        AnswerTasks(cluster);
        AnswerPredictions(cluster);
        AnswerSearches(cluster);
        cluster.Answer<GetNodeStatistics>(_ => new NodeStatisticsReply(
            AskedNode(cluster),
            new NodeNumbers(31, 2, 17, 3, 1, 4),
            [new("TEXT_EMBEDDING", Samples.Model, "predict", 9, 2)])
        {
            Routed = [new RoutedPredictions(Samples.Model, Latency)],
            Load = new MachineLoad(62, 7, 0.5, 1.25, 2),
            Process = new ProcessLoad(90_000, 1_500, 700 << 20, 9L << 30, 40 << 20, 2L << 30, 33, 120),
        });
        cluster.Answer<ChangeSettings>(_ => new SettingsChanged(true, 1));
        cluster.Answer<GetDeployments>(_ => new DeploymentsReply(true, [], "AbCdEfGhIjKlMnOpQrStUv"));
    }

    private static NodeId AskedNode(FakeCluster cluster) =>
        new[] { Samples.NodeA, Samples.NodeB }.Single(node => cluster.AskedPath.StartsWith(
            Samples.Node(node).Address, StringComparison.Ordinal));

    private static void AnswerModels(FakeCluster cluster)
    {
        var node = new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loaded, null);
        cluster.Answer<RegisterModel>(c => new ModelAccepted(c.ModelId));
        cluster.Answer<RegisterModelMeta>(c => new ModelAccepted(c.ModelId));
        cluster.Answer<PrepareChunk>(c => new ChunkWriterReady(c.ModelId, "akka://x/user/writer"));
        cluster.Answer<ChunkSegment>(c => new ChunkAccepted(c.ModelId, c.UploadId, c.ChunkNumber));
        cluster.Answer<GetModel>(_ => Samples.Document(ModelStatus.Deployed, Dialect.Current, node));
        cluster.Answer<DeployModel>(c => new ModelAccepted(c.ModelId));
        cluster.Answer<UndeployModel>(c => new ModelUndeployed(
            c.ModelId, new Dictionary<string, bool> { [Samples.NodeA.Value] = true }, c.Dialect));
        cluster.Answer<DeleteModel>(c => new ModelDeletedReply(c.ModelId, 5));
        cluster.Answer<UpdateModel>(c => new ModelUpdatedReply(c.ModelId, 5, Changed: true));
        UserRateLimiter[] users = [new("admin", new RateLimiter("4", RateUnit.Minutes))];
        cluster.Answer<SaveController>(c => new ControllerSavedReply(c.ModelId, 2, IsNew: !c.MustExist));
        cluster.Answer<GetController>(c => new ControllerDocument(c.ModelId, users));
        cluster.Answer<DeleteController>(c => new ControllerDeletedReply(c.ModelId, 3));
    }

    private static void AnswerGroups(FakeCluster cluster)
    {
        cluster.Answer<GetModelGroup>(_ => Samples.GroupDocument);
        cluster.Answer<UpdateModelGroup>(c => new ModelGroupAccepted(c.GroupId));
        cluster.Answer<DeleteModelGroup>(c => new ModelGroupDeletedReply(c.GroupId, 6));
    }

    private static void AnswerTasks(FakeCluster cluster)
    {
        cluster.Answer<GetTask>(_ => Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Running, Dialect.Current));
        cluster.Answer<DeleteTask>(c => new TaskDeletedReply(c.TaskId, 3));
    }

    private static void AnswerPredictions(FakeCluster cluster)
    {
        var serving = new ServingProfile(
            "cpu", "padded", 2, 0, 11, 5, 0.1, 11, 0, new ServingLatencies(Latency, Latency, Latency, Latency));
        cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("sentence_embedding", 0.5f, -1)));
        var profile = new ModelProfile(Samples.Model, ModelStage.Serving, "TEXT_EMBEDDING", 1000, null, serving)
        {
            Predictions = [new RunningPrediction(new TaskId("predicting"), 1665961344044)],
        };
        cluster.Answer<GetNodeProfile>(_ => new NodeProfileReply(AskedNode(cluster), [profile]));
    }

    private static void AnswerSearches(FakeCluster cluster)
    {
        var model = DocumentBytes.Encode(Samples.Document(ModelStatus.Registered, Dialect.Current));
        var task = DocumentBytes.Encode(
            Samples.TaskDocument(TaskType.RegisterModel, TaskStatus.Completed, Dialect.Current));
        var group = DocumentBytes.Encode(Samples.GroupDocument);
        cluster.Answer<SearchDocuments>(s => new DocumentsFound(
            1,
            1,
            [
                new SearchHit("a", 4, 9, 1, [], s.Kind switch
                {
                    DocumentKind.Model => model,
                    DocumentKind.ModelGroup => group,
                    _ => task,
                }),
            ],
            false));
    }
}
