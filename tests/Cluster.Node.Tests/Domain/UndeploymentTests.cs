using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Taking a model off nodes, and away.</summary>
public class UndeploymentTests
{
    private readonly TestModel _model = TestModel.Registered();

    [Fact]
    public void Undeploy_All_AsksEveryNodeAndAnswersWhatEachSaid()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true), Some.Node(Some.NodeB));

        model.Do(Some.Undeploy("u"));
        Assert.Equal(2, ModelDuties.Of(model.State, model.Context).OfType<Duty.Unload>().Count());
        Say(model, Some.NodeA, wasLoaded: true);
        Assert.Null(UndeploymentDecisions.AnswerOf(model.State, Some.Model, new CommandId("u")));
        Say(model, Some.NodeB, wasLoaded: false);

        var answer = UndeploymentDecisions.AnswerOf(model.State, Some.Model, new CommandId("u"));
        Assert.Equal(new Dictionary<string, bool> { ["node-a"] = true, ["node-b"] = false }, answer!.Removed);
        Assert.Equal(ModelStatus.Undeployed, model.Status);
    }

    [Fact]
    public void Undeploy_ManyBeforeTheFirstIsAnswered_ForgetsNoneThatSomebodyWaitsFor()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true));
        model.Do(Some.Undeploy("u1"));
        var first = model.State.Plan.Version;
        for (var number = 2; number <= 12; number++)
        {
            model.Do(Some.Undeploy($"u{number}"));
        }

        model.Take(UndeploymentDecisions.Unloaded(
            model.State, Some.Model, Some.NodeA, (first, WasLoaded: true), model.Context));

        Assert.NotNull(UndeploymentDecisions.AnswerOf(model.State, Some.Model, new CommandId("u1")));
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(-1, true, false)]
    public void Unloaded_WordOnOneOfTwo_EndsItAndThoseBefore(int fromNewest, bool first, bool second)
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true));
        model.Do(Some.Undeploy("u1"));
        model.Do(Some.Undeploy("u2"));

        model.Take(UndeploymentDecisions.Unloaded(
            model.State,
            Some.Model,
            Some.NodeA,
            (model.State.Plan.Version + fromNewest, WasLoaded: true),
            model.Context));

        Assert.Equal(first, IsAnswered("u1"));
        Assert.Equal(second, IsAnswered("u2"));

        bool IsAnswered(string command) =>
            UndeploymentDecisions.AnswerOf(model.State, Some.Model, new CommandId(command)) is not null;
    }

    [Fact]
    public void Undeploy_OneNode_LeavesTheOthersAndNewcomersAlone()
    {
        var model = TestModel.Deployed(Some.NodeA, Some.NodeB);

        model.Do(Some.Undeploy("u", "node-a"));

        Assert.Equal([Some.NodeB], model.State.Plan.Nodes.Keys);
        Assert.False(model.State.Plan.ToAll);
        Assert.Equal(ModelStatus.Deployed, model.Status);
    }

    [Fact]
    public void Unknown_NodesNeitherThereNorWanted_AreNamed()
    {
        var model = TestModel.Deployed(Some.NodeA, Some.NodeB);
        model.Context = Some.Cluster(Some.Node(Some.NodeA));

        Assert.Equal(
            ["nowhere"],
            UndeploymentDecisions.Unknown(
                model.State, Some.Undeploy("u", "node-a", "node-b", "nowhere"), model.Context));
    }

    [Fact]
    public void Undeploy_NoKnownNode_IsRefusedAndChangesNothing()
    {
        _model.Do(Some.Deploy());

        RegistrationTests.AssertRejected(
            _model.Do(Some.Undeploy("u", "nowhere")), ErrorCode.IllegalArgument, "no eligible node found");

        Assert.True(_model.State.Plan.ToAll);
    }

    [Fact]
    public void Undeploy_WantedNowhereAndNoNodeThere_IsRefusedAndChangesNothing()
    {
        _model.Context = Some.Cluster();
        var before = _model.State;

        RegistrationTests.AssertRejected(
            _model.Do(Some.Undeploy("u")), ErrorCode.IllegalArgument, "no eligible node found");

        Assert.Same(before, _model.State);
    }

    [Fact]
    public void Undeploy_WantedOnNodesToComeAndNoNodeThere_WithdrawsTheWish()
    {
        _model.Do(Some.Deploy());
        _model.Context = Some.Cluster();

        _model.Do(Some.Undeploy("u"));

        Assert.False(_model.State.Plan.WantsAnything);
    }

    [Fact]
    public void Undeploy_WhileLoading_EndsThatPartOfTheTask()
    {
        _model.Do(Some.Deploy(null, "node-a"));

        _model.Do(Some.Undeploy("u"));

        var outcome = _model.State.Tasks[Some.Deployment].Outcomes[Some.NodeA];
        Assert.Contains("undeployed", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void Undeploy_NodeThatIsAway_IsAnsweredWithoutIt()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster();

        model.Do(Some.Undeploy("u"));

        Assert.NotNull(UndeploymentDecisions.AnswerOf(model.State, Some.Model, new CommandId("u")));
    }

    [Fact]
    public void GiveUp_SilentNode_IsAnsweredWithWhatTheClusterSays()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true));
        model.Do(Some.Undeploy("u"));

        model.Take(UndeploymentDecisions.GiveUp(model.State, Some.Model, new CommandId("u"), model.Context));

        Assert.True(UndeploymentDecisions.AnswerOf(model.State, Some.Model, new CommandId("u"))!.Removed["node-a"]);
    }

    [Fact]
    public void Delete_WhileWanted_IsRefused()
    {
        _model.Do(Some.Deploy());

        RegistrationTests.AssertRejected(
            _model.Do(new DeleteModel(Some.Model, new CommandId("d"))),
            ErrorCode.BadState,
            "Model cannot be deleted in deploying or deployed state.");
    }

    private static void Say(TestModel model, NodeId node, bool wasLoaded) => model.Take(UndeploymentDecisions.Unloaded(
        model.State, Some.Model, node, (model.State.Plan.Version, wasLoaded), model.Context));
}
