using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Deployments;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

public class DeploymentBookTests
{
    [Fact]
    public void Deployments_WithoutTheChunksEvents_AreThoseOfTheModel()
    {
        var model = TestModel.Deployed(Some.NodeA);

        var deployment = Assert.Single(BookOf(model).Deployments());

        Assert.Equal(ModelStatus.Deployed, deployment.Status);
        Assert.True(deployment.ToAllNodes);
        Assert.Equal("TEXT_EMBEDDING", deployment.FunctionName);
        var node = Assert.Single(deployment.Nodes);
        Assert.Equal(new NodeDeployment(Some.NodeA, NodeDeploymentStatus.Loaded, null), node);
    }

    [Fact]
    public void NeedingAttention_NodeGone_NamesTheModel()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Take(ModelDecision.Silent(new TaskSettled(Some.Model, Some.Deployment, 1)));
        var book = BookOf(model);

        Assert.Empty(book.NeedingAttention(_ => Some.Cluster(Some.Node(Some.NodeA, serves: true)), [Some.Model]));
        Assert.Equal([Some.Model], book.NeedingAttention(_ => Some.Cluster(), []));
    }

    [Fact]
    public void NeedingAttention_ServedButUnknown_NamesTheModel() =>
        Assert.Equal([Some.Model], DeploymentBook.Empty.NeedingAttention(_ => Some.Cluster(), [Some.Model]));

    [Fact]
    public void Apply_Purged_ForgetsTheModel()
    {
        var book = BookOf(TestModel.Registered());

        Assert.Empty(book.Apply(new ModelPurged(Some.Model, null, null, 1, 1)).Models);
    }

    [Fact]
    public void Apply_RegisteredAgainAfterThePurge_IsTheStateOfTheModel()
    {
        var model = TestModel.Registered();
        model.Purge();
        model.Do(Some.RegisterMeta(chunks: 1));

        var state = BookOf(model).Models[Some.Model];

        Assert.Equal(
            (model.State.Version, model.State.Plan.Version, model.State.Updates),
            (state.Version, state.Plan.Version, state.Updates));
    }

    [Fact]
    public void Forget_PurgedModel_BeginsAnewAsTheModelDoes()
    {
        var model = TestModel.Registered();
        model.Purge();
        var again = new TestModel();
        again.Do(Some.RegisterMeta(chunks: 1));

        var book = again.Events.Aggregate(BookOf(model).Forget(Some.Model), (book, e) => book.Apply(e));

        Assert.Equal((1, again.State.Updates), (book.Models[Some.Model].Version, book.Models[Some.Model].Updates));
    }

    // Its journal begins anew before the word that the earlier one is forgotten comes.
    [Fact]
    public void Forget_ModelThatIsThereAgain_KeepsIt()
    {
        var book = BookOf(TestModel.Registered());

        Assert.Equal(book.Models[Some.Model], book.Forget(Some.Model).Models[Some.Model]);
    }

    [Fact]
    public void Apply_Tasks_KeepsTheOpenOnes()
    {
        var created = new TaskCreated(
            Some.Deployment,
            Some.Model,
            TaskType.DeployModel,
            "TEXT_EMBEDDING",
            TaskStatus.Running,
            [],
            Dialect.Current,
            1);
        var book = DeploymentBook.Empty.Apply(created);

        Assert.Equal([Some.Deployment], book.OpenTasks);
        Assert.Empty(book.Apply(new TaskFinished(Some.Deployment, TaskStatus.Completed, null, null, 2)).OpenTasks);
        Assert.Empty(book.Apply(new TaskDeleted(Some.Deployment, new CommandId("d"), 2, 2)).OpenTasks);
    }

    // The second one was loaded before, and the first one since.
    [Fact]
    public void InOrder_RoomForOne_IsItsWhoAskedFirst()
    {
        var (early, late) = (new ModelId("z-early"), new ModelId("a-late"));
        var book = new DeploymentBook(
            DeploymentBook.Empty.Models
                .Add(early, WantedAt(10, loadedAt: 900))
                .Add(late, WantedAt(20, loadedAt: 100)),
            []);

        var inOrder = book.InOrder([late, early], [Some.Node(Some.NodeA).Placement], PlacementRules.Default);

        Assert.Equal([early, late], inOrder);
    }

    private static ModelState WantedAt(long asked, long loadedAt)
    {
        var model = TestModel.Registered();
        model.Context = Some.Cluster(Some.Node(Some.NodeA)) with { Now = asked };
        model.Do(Some.Deploy());
        model.Context = model.Context with { Now = loadedAt };
        model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        return model.State;
    }

    private static DeploymentBook BookOf(TestModel model) => model.Events
        .Where(e => e is not (ChunkStored or ModelDownloadStarted))
        .Aggregate(DeploymentBook.Empty, (book, e) => book.Apply(e));
}
