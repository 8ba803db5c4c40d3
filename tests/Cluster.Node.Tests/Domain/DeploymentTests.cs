using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Wanting a model on nodes, and what they say of it.</summary>
public class DeploymentTests
{
    private readonly TestModel _model = TestModel.Registered();

    [Fact]
    public void Deploy_NoNodesNamed_WantsAllEligibleOnes()
    {
        _model.Do(Some.Deploy());

        Assert.Equal(ModelStatus.Deploying, _model.Status);
        Assert.True(_model.State.Plan.ToAll);
        Assert.Equal([Some.NodeA, Some.NodeB], _model.State.Tasks[Some.Deployment].Nodes);
        Assert.Equal(2, Duties().OfType<Duty.Load>().Count());
    }

    [Fact]
    public void Deploy_SomeIdsUnknown_DropsThem()
    {
        _model.Do(Some.Deploy(null, "node-b", "nobody"));

        Assert.Equal([Some.NodeB], _model.State.Plan.Nodes.Keys);
        Assert.False(_model.State.Plan.ToAll);
    }

    [Fact]
    public void Deploy_NoKnownId_IsRefused() => RegistrationTests.AssertRejected(
        _model.Do(Some.Deploy(null, "nobody")), ErrorCode.IllegalArgument, "no eligible node found");

    [Fact]
    public void Deploy_NoNodeAtAll_IsRefusedWithTheCure()
    {
        _model.Context = Some.Cluster();

        RegistrationTests.AssertRejected(
            _model.Do(Some.Deploy()), ErrorCode.IllegalArgument, "No eligible node found to execute this request.");
    }

    [Theory]
    [InlineData(null, ErrorCode.Unavailable)]
    [InlineData("node-b", ErrorCode.Unavailable)]
    [InlineData("nobody", ErrorCode.IllegalArgument)]
    public void Deploy_NodesOutOfReach_AreToBeWaitedForUnlessOthersAreNamed(string? named, ErrorCode code)
    {
        _model.Context = Some.Cluster() with { Unreachable = new HashSet<NodeId> { Some.NodeB } };

        RegistrationTests.AssertRejected(
            _model.Do(named is null ? Some.Deploy() : Some.Deploy(null, named)), code, beginning: "");
    }

    // Left out in silence, it would be missing when it is back.
    [Fact]
    public void Deploy_OneOfTheNamedNodesIsOutOfReach_IsToBeAskedAgain()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA)) with
        {
            Unreachable = new HashSet<NodeId> { Some.NodeB },
        };

        RegistrationTests.AssertRejected(
            _model.Do(Some.Deploy(null, "node-a", "node-b")),
            ErrorCode.Unavailable,
            "no eligible node found: node-b out of reach");
        Assert.NotEmpty(_model.Do(Some.Deploy(null, "node-a")).Events);
        Assert.NotEmpty(_model.Do(Some.Deploy(new TaskId("all"))).Events);
    }

    [Fact]
    public void Report_AllLoaded_IsDeployed()
    {
        _model.Do(Some.Deploy());
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        Assert.Equal(ModelStatus.Deploying, _model.Status);

        _model.Do(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded));

        Assert.Equal(ModelStatus.Deployed, _model.Status);
        Assert.True(_model.State.Tasks[Some.Deployment].IsDecided);
        Assert.Equal(1_000, _model.State.Times.LastDeployed);
    }

    [Fact]
    public void Report_OneFailed_IsPartlyDeployed()
    {
        _model.Do(Some.Deploy());
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));

        _model.Do(Some.Report(Some.NodeB, NodeDeploymentStatus.Failed, error: "out of memory"));

        Assert.Equal(ModelStatus.PartiallyDeployed, _model.Status);
        Assert.Equal("out of memory", _model.State.Tasks[Some.Deployment].Outcomes[Some.NodeB]);
        Assert.DoesNotContain(Duties(), d => d is Duty.Load { Node.NodeId.Value: "node-b" });
    }

    [Fact]
    public void Report_AllFailed_IsDeployFailedAndMayBeDeleted()
    {
        _model.Do(Some.Deploy(null, "node-a"));

        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Failed, error: "broken"));

        Assert.Equal(ModelStatus.DeployFailed, _model.Status);
        Assert.NotEmpty(_model.Do(new DeleteModel(Some.Model, new CommandId("d"))).Events);
    }

    [Fact]
    public void Report_Repeated_IsAcknowledgedWithoutAnEvent()
    {
        _model.Do(Some.Deploy());
        var report = Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded);
        var first = _model.Do(report);

        var second = _model.Do(report);

        Assert.Equal(first.Answer, second.Answer);
        Assert.Empty(second.Events);
    }

    [Fact]
    public void Report_OfAnOlderPlan_ChangesNothing()
    {
        _model.Do(Some.Deploy(null, "node-a"));
        _model.Do(Some.Undeploy("u"));
        _model.Do(Some.Deploy(new TaskId("again"), "node-a"));

        var late = _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded, planVersion: 1));

        Assert.Empty(late.Events);
        Assert.IsType<Answer.Now>(late.Answer);
        Assert.Equal(ModelStatus.Deploying, _model.Status);
    }

    [Fact]
    public void Report_UnknownModel_IsAcknowledged()
    {
        var decision = new TestModel().Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));

        Assert.IsType<NodeReportAcknowledged>(Assert.IsType<Answer.Now>(decision.Answer).Reply);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void Deploy_OnLoadedNode_IsDecidedAtOnce()
    {
        var model = TestModel.Deployed(Some.NodeA);

        model.Do(Some.Deploy(new TaskId("again"), "node-a"));

        Assert.True(model.State.Tasks[new TaskId("again")].IsDecided);
        Assert.Equal(ModelStatus.Deployed, model.Status);
    }

    [Fact]
    public void Deploy_OnFailedNode_TriesAgain()
    {
        _model.Do(Some.Deploy(null, "node-a"));
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Failed, error: "broken"));

        _model.Do(Some.Deploy(new TaskId("again"), "node-a"));

        Assert.Equal(ModelStatus.Deploying, _model.Status);
        Assert.Equal(2, Assert.Single(Duties().OfType<Duty.Load>()).Planned.Since);
    }

    [Fact]
    public void Deploy_OtherNode_AddsIt()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA), Some.Node(Some.NodeB));

        model.Do(Some.Deploy(new TaskId("again"), "node-b"));

        Assert.Equal(2, model.State.Plan.Nodes.Count);
    }

    [Fact]
    public void WantedSince_IsWhenSomeoneFirstAsked()
    {
        At(10, Some.Deploy(null, "node-a"));
        At(20, Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        At(30, Some.Deploy(new TaskId("more"), "node-b"));
        Assert.Equal(10, _model.State.Plan.WantedSince);

        At(40, Some.Undeploy("one", "node-a"));
        Assert.Equal(10, _model.State.Plan.WantedSince);
        At(50, Some.Undeploy("all"));
        At(60, Some.Deploy(new TaskId("again"), "node-a"));
        Assert.Equal(60, _model.State.Plan.WantedSince);
    }

    [Fact]
    public void WantedSince_OfASnapshotThatDidNotKnowIt_IsWhenItWasDeployed()
    {
        At(10, Some.Deploy(null, "node-a"));
        At(20, Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        var taken = ModelSnapshots.Take(_model.State, Some.Model, 30);

        var restored = ModelSnapshots.Restore(taken with { Plan = taken.Plan with { WantedSince = null } });

        Assert.Equal(10, ModelSnapshots.Restore(taken).Plan.WantedSince);
        Assert.Equal(20, restored.Plan.WantedSince);
    }

    private void At(long now, IModelCommand command)
    {
        _model.Context = _model.Context with { Now = now };
        _model.Do(command);
    }

    private IEnumerable<Duty> Duties() => ModelDuties.Of(_model.State, _model.Context);
}
