using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Domain.Deployments;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Tests.Data.Support;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Models that nobody uses any more (contract 11.8).</summary>
public sealed class IdleModelsTests
{
    private const long Minute = 60_000;

    [Theory]
    [InlineData(30L, 30 * Minute, true)]
    [InlineData(30L, (30 * Minute) - 1, false)]
    [InlineData(0L, 0, true)]
    [InlineData(-1L, long.MaxValue, false)]
    [InlineData(long.MaxValue, long.MaxValue, false)]
    [InlineData(null, long.MaxValue, false)]
    public void Expired_OneNode_GoesByTheTime(long? ttl, long idle, bool expected)
    {
        var expired = IdleModels.Expired(Book(ttl, Some.NodeA), View(Some.NodeA), Answers((Some.NodeA, idle)));

        Assert.Equal(expected, expired.Any());
    }

    [Fact]
    public void Expired_ModelWithoutASetting_Stays()
    {
        var book = Book(TestModel.Deployed(Some.NodeA));

        Assert.Empty(IdleModels.Expired(book, View(Some.NodeA), Answers((Some.NodeA, long.MaxValue))));
        Assert.Empty(IdleModels.ToAsk(book, View(Some.NodeA)));
    }

    [Fact]
    public void Expired_UsedOnAnotherNodeOrNotKnown_Stays()
    {
        var (book, view) = (Book(1, Some.NodeA, Some.NodeB), View(Some.NodeA, Some.NodeB));

        Assert.Empty(IdleModels.Expired(book, view, Answers((Some.NodeA, Minute))));
        Assert.Empty(IdleModels.Expired(book, view, Answers((Some.NodeA, Minute), (Some.NodeB, 1))));
        Assert.Empty(IdleModels.Expired(book, view, Answers((Some.NodeA, Minute), (Some.NodeB, null))));
        Assert.Equal(
            [Some.Model], IdleModels.Expired(book, view, Answers((Some.NodeA, Minute), (Some.NodeB, Minute))));
    }

    [Fact]
    public void Expired_BeingLoadedElsewhereOrUndeployed_Stays()
    {
        var loading = Deployed(1, Some.NodeA);
        loading.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true), Some.Node(Some.NodeB));
        loading.Do(Some.Deploy(new TaskId("deploy-2"), Some.NodeB.Value));
        var undeployed = Deployed(1, Some.NodeA);
        undeployed.Do(Some.Undeploy("u"));

        Assert.All(
            [loading, undeployed],
            m => Assert.Empty(IdleModels.Expired(Book(m), View(Some.NodeA), Answers((Some.NodeA, Minute)))));
    }

    [Fact]
    public void ToAsk_NodesThatServeSuchModels_AreNamedWithThem()
    {
        var view = View(Some.NodeA, Some.NodeB);

        var asked = IdleModels.ToAsk(Book(0, Some.NodeA, Some.NodeB), view).ToList();

        Assert.Equal([Some.NodeA, Some.NodeB], asked.Select(a => a.Node.NodeId));
        Assert.All(asked, a => Assert.Equal([Some.Model], a.Models));
    }

    private static TestModel Deployed(long? ttl, params NodeId[] nodes)
    {
        var model = TestModel.Deployed(nodes);
        model.Do(Some.Update("ttl", Some.NoChanges with { DeploySetting = new DeploySetting(true, ttl) }));
        return model;
    }

    private static DeploymentBook Book(long? ttl, params NodeId[] nodes) => Book(Deployed(ttl, nodes));

    private static DeploymentBook Book(TestModel model) =>
        model.Events.Where(e => e is not ChunkStored).Aggregate(DeploymentBook.Empty, (book, e) => book.Apply(e));

    private static ClusterView View(params NodeId[] nodes) => new(
        nodes.ToDictionary(n => n, n => FakeViews.Node(n, "akka://test", 1, Some.Model)), supervisor: null);

    private static Dictionary<NodeId, NodeProfileReply> Answers(params (NodeId Node, long? Idle)[] answers) =>
        answers.ToDictionary(
            a => a.Node,
            a => new NodeProfileReply(
                a.Node,
                [
                    new ModelProfile(Some.Model, ModelStage.Serving, "TEXT_EMBEDDING", 1, null, null)
                    {
                        IdleMilliseconds = a.Idle,
                    },
                ]));
}
