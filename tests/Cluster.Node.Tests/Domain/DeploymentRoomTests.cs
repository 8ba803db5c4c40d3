using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Deployments on nodes that are full or excluded.</summary>
public class DeploymentRoomTests
{
    private readonly TestModel _model = TestModel.Registered();

    [Fact]
    public void Deploy_NodeHasNoRoom_EndsItsPartAtOnceWithTheReason()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Full(Some.NodeB));

        _model.Do(Some.Deploy());

        Assert.Null(_model.State.Plan.Nodes[Some.NodeA].Error);
        Assert.Equal(NodeDeploymentStatus.Failed, _model.State.Plan.Nodes[Some.NodeB].Status);
        Assert.Contains(
            "max_model_on_node", _model.State.Tasks[Some.Deployment].Outcomes[Some.NodeB], StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_ExcludedNodeAlone_IsRefused()
    {
        var limits = new ModelLimits { Placement = PlacementRules.Default with { ExcludedNames = [Some.NodeA.Value] } };
        _model.Context = Some.Cluster(Some.Node(Some.NodeA)) with { Limits = limits };

        var decision = _model.Do(Some.Deploy(null, Some.NodeA.Value));

        var rejected = Assert.IsType<ModelRejected>(Assert.IsType<Answer.Now>(decision.Answer).Reply);
        Assert.Equal("no eligible node found", rejected.Error.Reason);
    }

    [Fact]
    public void Reconcile_JoinedNodeHasNoRoom_EntersThePlanWhenItHas()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy());

        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Full(Some.NodeB));
        _model.Do(new ReconcileModel(Some.Model));
        Assert.DoesNotContain(Some.NodeB, _model.State.Plan.Nodes.Keys);

        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Some.Node(Some.NodeB));
        _model.Do(new ReconcileModel(Some.Model));
        Assert.Contains(Some.NodeB, _model.State.Plan.Nodes.Keys);
    }

    private static NodeFacts Full(NodeId id) => Some.Node(id) with
    {
        Placement = new PlacementNode(id, id.Value, 1, null, [new PlacedModel(new ModelId("other"), 1)]),
    };
}
