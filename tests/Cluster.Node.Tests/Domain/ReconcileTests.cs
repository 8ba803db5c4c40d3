using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

/// <summary>A model beside the cluster as it is.</summary>
public class ReconcileTests
{
    private readonly TestModel _model = TestModel.Registered();

    [Fact]
    public void Reconcile_RestartedNode_IsAskedAgainWithoutATask()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, incarnation: 2));

        model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(ModelStatus.Deploying, model.Status);
        Assert.Null(Assert.Single(ModelDuties.Of(model.State, model.Context).OfType<Duty.Load>()).Task);
    }

    [Fact]
    public void Reconcile_NamedNodeLostWhileLoading_FailsItsPartAndStaysWanted()
    {
        _model.Do(Some.Deploy(null, "node-a", "node-b"));
        _model.Do(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded));
        Lose(_model, Some.NodeA);

        _model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(PlanFold.NodeLeft, _model.State.Tasks[Some.Deployment].Outcomes[Some.NodeA]);
        Assert.True(_model.State.Tasks[Some.Deployment].IsDecided);
        Assert.Equal(ModelStatus.PartiallyDeployed, _model.Status);
        Assert.Empty(_model.Do(new ReconcileModel(Some.Model)).Events);
    }

    [Fact]
    public void Reconcile_WantedEverywhere_FollowsTheCluster()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA), Some.Node(Some.NodeB));

        model.Do(new ReconcileModel(Some.Model));
        Assert.Equal(2, model.State.Plan.Nodes.Count);
        Lose(model, Some.NodeA);
        model.Do(new ReconcileModel(Some.Model));

        Assert.Equal([Some.NodeB], model.State.Plan.Nodes.Keys);
    }

    [Fact]
    public void Reconcile_AutoRedeployOff_RestartedNodeStaysEmptyUntilSomebodyDeploys()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = WithoutRedeploy(Some.Cluster(Some.Node(Some.NodeA, incarnation: 2)));
        Assert.Empty(ModelDuties.Of(model.State, model.Context).OfType<Duty.Load>());
        Assert.True(ModelDuties.NeedsAttention(model.State, Some.Model, model.Context));

        model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(ModelStatus.DeployFailed, model.Status);
        Assert.Contains(
            "model_auto_redeploy.enable", model.State.Plan.Nodes[Some.NodeA].Error, StringComparison.Ordinal);
        Assert.Empty(ModelDuties.Of(model.State, model.Context).OfType<Duty.Load>());

        model.Do(Some.Deploy(new TaskId("deploy-2")));
        Assert.Single(ModelDuties.Of(model.State, model.Context).OfType<Duty.Load>());
    }

    // It was only out of sight: the name server, or the network, was away for a moment.
    [Fact]
    public void Reconcile_AutoRedeployOff_NodeThatComesBackServing_IsTakenBack()
    {
        LoseOneOfTwoNamedNodes();
        Assert.Equal(ModelStatus.PartiallyDeployed, _model.Status);

        _model.Context = WithoutRedeploy(
            Some.Cluster(Some.Node(Some.NodeA, serves: true), Some.Node(Some.NodeB, serves: true)));
        _model.Do(new ReconcileModel(Some.Model));

        Assert.NotEqual(NodeDeploymentStatus.Failed, _model.State.Plan.Nodes[Some.NodeA].Status);
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        Assert.Equal(ModelStatus.Deployed, _model.Status);
    }

    [Fact]
    public void Reconcile_AutoRedeployOff_NodeThatJoinsGetsNothing()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = WithoutRedeploy(Some.Cluster(Some.Node(Some.NodeA, serves: true), Some.Node(Some.NodeB)));

        Assert.Empty(model.Do(new ReconcileModel(Some.Model)).Events);
        Assert.Equal([Some.NodeA], model.State.Plan.Nodes.Keys);
    }

    // Its process is the same: it has only not said so yet, or has lost the model by a fault.
    [Fact]
    public void Duties_AutoRedeployOff_NodeOfTheSameProcess_IsToldAgain()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = WithoutRedeploy(Some.Cluster(Some.Node(Some.NodeA)));

        Assert.Single(ModelDuties.Of(model.State, model.Context).OfType<Duty.Load>());
    }

    [Fact]
    public void Duties_NodeServesAnUnwantedModel_IsToldToUnload()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true));

        Assert.Single(Duties().OfType<Duty.Unload>());
        Assert.True(ModelDuties.NeedsAttention(_model.State, Some.Model, _model.Context));
    }

    [Fact]
    public void Duties_NodeThatLeftThePlanOfAModelWantedEverywhereServesAgain_IsLeftAlone()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true), Some.Node(Some.NodeB, serves: true));

        Assert.Empty(ModelDuties.Of(model.State, model.Context).OfType<Duty.Unload>());
    }

    [Fact]
    public void NeedsAttention_ServedWhereWanted_IsFalse()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true));
        model.Take(ModelDecision.Silent(new TaskSettled(Some.Model, Some.Deployment, 1)));

        Assert.False(ModelDuties.NeedsAttention(model.State, Some.Model, model.Context));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reconcile_LastNamedNodeLeft_IsDeployFailedUntilItIsBack(long incarnation)
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy(null, "node-a"));
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        _model.Take(ModelDecision.Silent(new TaskSettled(Some.Model, Some.Deployment, 1)));
        Lose(_model, Some.NodeA);

        _model.Do(new ReconcileModel(Some.Model));
        Assert.Equal(ModelStatus.DeployFailed, _model.Status);
        Assert.True(_model.State.Plan.Nodes[Some.NodeA].IsGone);
        Assert.Empty(_model.Do(new ReconcileModel(Some.Model)).Events);
        Assert.False(ModelDuties.NeedsAttention(_model.State, Some.Model, _model.Context));

        _model.Context = Some.Cluster(Some.Node(Some.NodeA, incarnation));
        Assert.True(ModelDuties.NeedsAttention(_model.State, Some.Model, _model.Context));
        _model.Do(new ReconcileModel(Some.Model));
        Assert.Equal(ModelStatus.Deploying, _model.Status);
        Assert.Single(Duties().OfType<Duty.Load>());

        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded, incarnation: incarnation));
        Assert.Equal(ModelStatus.Deployed, _model.Status);
    }

    [Fact]
    public void Reconcile_OneOfTwoNamedNodesLeft_IsPartlyDeployed()
    {
        LoseOneOfTwoNamedNodes();

        Assert.Equal(ModelStatus.PartiallyDeployed, _model.Status);
    }

    [Fact]
    public void Reconcile_LastNodeOfAModelWantedEverywhereLeft_IsDeployFailedUntilOneJoins()
    {
        var model = TestModel.Deployed(Some.NodeA);
        Lose(model, Some.NodeA);
        model.Do(new ReconcileModel(Some.Model));
        Assert.Equal(ModelStatus.DeployFailed, model.Status);

        model.Context = Some.Cluster(Some.Node(Some.NodeB));
        model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(ModelStatus.Deploying, model.Status);
    }

    // Its snapshot says Loading and no reason, as if somebody were at it.
    [Fact]
    public void Reconcile_NodeWasLostBeforeThatWasKept_IsKeptNow()
    {
        _model.Do(Some.Deploy(null, "node-a"));
        var taken = ModelSnapshots.Take(_model.State, Some.Model, 1);
        var older = new TestModel { Context = _model.Context };
        older.Take(ModelDecision.Silent(taken with { Work = taken.Work with { Tasks = [] } }));
        Lose(older, Some.NodeA);

        older.Do(new ReconcileModel(Some.Model));

        Assert.Equal(ModelStatus.DeployFailed, older.Status);
    }

    [Fact]
    public void Deploy_OnANodeThatIsBack_WaitsForItAgain()
    {
        _model.Do(Some.Deploy(null, "node-a"));
        Lose(_model, Some.NodeA);
        _model.Do(new ReconcileModel(Some.Model));

        _model.Context = Some.Cluster(Some.Node(Some.NodeA, incarnation: 2));
        _model.Do(Some.Deploy(new TaskId("again"), "node-a"));

        Assert.Equal(ModelStatus.Deploying, _model.Status);
        Assert.Single(Duties().OfType<Duty.Load>());
        Assert.False(_model.State.Tasks[new TaskId("again")].IsDecided);
    }

    private IEnumerable<Duty> Duties() => ModelDuties.Of(_model.State, _model.Context);

    private static ModelContext WithoutRedeploy(ModelContext context) =>
        context with { Limits = context.Limits with { RedeploysByItself = false } };

    private void LoseOneOfTwoNamedNodes()
    {
        _model.Do(Some.Deploy(null, "node-a", "node-b"));
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        _model.Do(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded));
        Lose(_model, Some.NodeA);
        _model.Do(new ReconcileModel(Some.Model));
    }

    private static void Lose(TestModel model, NodeId node) => model.Context = model.Context with
    {
        Nodes = [.. model.Context.Nodes.Where(n => n.NodeId != node)],
        Lost = new HashSet<NodeId> { node },
    };
}
