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
        Assert.True(_model.State.Plan.Nodes[Some.NodeB].WaitsForRoom);
        Assert.DoesNotContain(Duties(), d => d is Duty.Load { Node.NodeId.Value: "node-b" });
        Assert.Contains(
            "max_model_on_node", _model.State.Tasks[Some.Deployment].Outcomes[Some.NodeB], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_UnpackedIsLargerThanTheArchive_LaterPlansReckonWithIt()
    {
        const long modelBytes = 1L << 30;
        var small = new PlacementNode(Some.NodeB, Some.NodeB.Value, 10, modelBytes / 2, []);
        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Some.Node(Some.NodeB) with { Placement = small });
        Assert.Single(_model.Context.Place(_model.State.WantedOn(Some.Model, [Some.NodeB], since: 1)).Loads);
        _model.Do(Some.Deploy(null, "node-a"));
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded) with { ModelBytes = modelBytes });

        _model.Do(Some.Deploy(new TaskId("next"), "node-b"));

        Assert.Contains(
            "has no memory for the model",
            _model.State.Tasks[new TaskId("next")].Outcomes[Some.NodeB],
            StringComparison.Ordinal);
        var restored = ModelSnapshots.Restore(ModelSnapshots.Take(_model.State, Some.Model, 1));
        Assert.Equal(modelBytes, restored.Wanted(Some.Model).SizeBytes);
    }

    [Theory]
    [InlineData("node-a", "no eligible node found", "node-a")]
    [InlineData("node-a node-b", "No eligible node found to execute this request.", "node-a")]
    [InlineData("node-a node-b", "No eligible node found to execute this request.")]
    public void Deploy_ExcludedNodes_AreRefusedAndToldOfWhenNobodyIsLeft(
        string excluded, string reason, params string[] named)
    {
        var limits = new ModelLimits
        {
            Placement = PlacementRules.Default with { ExcludedNames = excluded.Split(' ') },
        };
        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Some.Node(Some.NodeB)) with { Limits = limits };

        var decision = _model.Do(Some.Deploy(null, named));

        var rejected = Assert.IsType<ModelRejected>(Assert.IsType<Answer.Now>(decision.Answer).Reply);
        Assert.StartsWith(reason, rejected.Error.Reason, StringComparison.Ordinal);
        Assert.Equal(
            excluded.Contains(' ', StringComparison.Ordinal),
            rejected.Error.Reason.Contains("exclude_nodes._name", StringComparison.Ordinal));
    }

    [Fact]
    public void Reconcile_JoinedNodeHasNoRoom_WaitsThereUntilItHas()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy());

        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Full(Some.NodeB));
        _model.Do(new ReconcileModel(Some.Model));
        Assert.True(_model.State.Plan.Nodes[Some.NodeB].WaitsForRoom, "a full node is not said to be missing");
        Assert.Empty(_model.Do(new ReconcileModel(Some.Model)).Events);

        MakeRoom(Some.NodeB);
        _model.Do(new ReconcileModel(Some.Model));
        Assert.Contains(Some.NodeB, Duties().OfType<Duty.Load>().Select(l => l.Node.NodeId));
    }

    [Fact]
    public void Deploy_NamedNodeHasNoRoom_FailsUntilItIsDeployedAgain()
    {
        _model.Context = Some.Cluster(Full(Some.NodeA));
        _model.Do(Some.Deploy(null, "node-a"));
        Assert.Equal(NodeDeploymentStatus.Failed, _model.State.Plan.Nodes[Some.NodeA].Status);

        MakeRoom(Some.NodeA);

        Assert.Empty(_model.Do(new ReconcileModel(Some.Model)).Events);
    }

    // What was deployed long ago is not lost to whoever came first to the node that restarted.
    [Fact]
    public void Report_NoRoomOnANamedNodeThatRestarted_WaitsForRoom()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy(null, "node-a"));
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        _model.Context = Some.Cluster(Some.Node(Some.NodeA, incarnation: 2));
        _model.Do(new ReconcileModel(Some.Model));

        _model.Do(Some.NoRoom(Some.NodeA, "full") with { Incarnation = 2 });

        Assert.True(_model.State.Plan.Nodes[Some.NodeA].WaitsForRoom, "it is given up");
    }

    [Fact]
    public void Reconcile_FullNodeOfADeploymentToAll_IsAskedWhenItHasRoom()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA), Full(Some.NodeB));
        _model.Do(Some.Deploy());
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));
        Assert.Equal(ModelStatus.PartiallyDeployed, _model.Status);
        Assert.True(_model.State.Tasks[Some.Deployment].IsDecided);

        MakeRoom(Some.NodeB);
        Assert.True(ModelDuties.NeedsAttention(_model.State, Some.Model, _model.Context));
        _model.Do(new ReconcileModel(Some.Model));

        var load = Assert.Single(Duties().OfType<Duty.Load>(), l => l.Node.NodeId == Some.NodeB);
        Assert.Equal(_model.State.Plan.Version, load.Planned.Since);
        _model.Do(Some.Report(Some.NodeB, NodeDeploymentStatus.Loaded, load.Planned.Since));
        Assert.Equal(ModelStatus.Deployed, _model.Status);
    }

    [Fact]
    public void Reconcile_EveryNodeFull_IsDeployFailedAndComesUpWhenThereIsRoom()
    {
        _model.Context = Some.Cluster(Full(Some.NodeA));
        _model.Do(Some.Deploy());
        Assert.Equal(ModelStatus.DeployFailed, _model.Status);

        MakeRoom(Some.NodeA);
        _model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(ModelStatus.Deploying, _model.Status);
    }

    // What the node itself counts, the plan may not see yet.
    [Fact]
    public void Reconcile_NodeSaidItHasNoRoomJustNow_IsNotAskedAgainAtOnce()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy());
        _model.Do(Some.NoRoom(Some.NodeA, "full"));

        Assert.Empty(_model.Do(new ReconcileModel(Some.Model)).Events);
        _model.Context = _model.Context with { Now = _model.Context.Now + 4_999 };
        Assert.Empty(_model.Do(new ReconcileModel(Some.Model)).Events);
        _model.Context = _model.Context with { Now = _model.Context.Now + 1 };
        Assert.Single(_model.Do(new ReconcileModel(Some.Model)).Events);
    }

    // Host and plan may count differently for ever.
    [Fact]
    public void Reconcile_NodeGoesOnSayingItHasNoRoom_IsAskedMoreAndMoreSeldom()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy());
        _model.Do(Some.NoRoom(Some.NodeA, "full"));

        List<long> pauses = [];
        for (long pause = 0; pauses.Count < 8; pause += 1_000)
        {
            _model.Context = _model.Context with { Now = _model.Context.Now + 1_000 };
            if (_model.Do(new ReconcileModel(Some.Model)).Events.Count > 0)
            {
                _model.Do(Some.NoRoom(Some.NodeA, "full", _model.State.Plan.Version));
                pauses.Add(pause + 1_000);
                pause = -1_000;
            }
        }

        Assert.Equal([5_000, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000], pauses);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_NoRoom_EndsTheTaskAndWaitsWhereTheModelIsWantedEverywhere(bool everywhere)
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(everywhere ? Some.Deploy() : Some.Deploy(null, "node-a"));

        _model.Do(Some.NoRoom(Some.NodeA, "full"));

        Assert.Equal(everywhere, _model.State.Plan.Nodes[Some.NodeA].WaitsForRoom);
        Assert.Equal("full", _model.State.Tasks[Some.Deployment].Outcomes[Some.NodeA]);
        Assert.Equal(ModelStatus.DeployFailed, _model.Status);
        Assert.Empty(_model.Do(Some.NoRoom(Some.NodeA, "full")).Events);
    }

    [Fact]
    public void Deploy_AgainWhileANodeWaitsForRoom_EndsThatTaskToo()
    {
        _model.Context = Some.Cluster(Full(Some.NodeA));
        _model.Do(Some.Deploy());

        _model.Do(Some.Deploy(new TaskId("again")));

        Assert.True(_model.State.Tasks[new TaskId("again")].IsDecided);
    }

    // It is loaded, and the news of that has not come round.
    [Fact]
    public void Deploy_AgainOnALoadedNodeThatLooksFull_LeavesItAsItIs()
    {
        _model.Context = Some.Cluster(Some.Node(Some.NodeA));
        _model.Do(Some.Deploy());
        _model.Do(Some.Report(Some.NodeA, NodeDeploymentStatus.Loaded));

        _model.Context = Some.Cluster(Full(Some.NodeA));
        _model.Do(Some.Deploy(new TaskId("again")));

        Assert.Equal(ModelStatus.Deployed, _model.Status);
    }

    private IEnumerable<Duty> Duties() => ModelDuties.Of(_model.State, _model.Context);

    /// <summary>Empties a node, after the pause between two questions.</summary>
    private void MakeRoom(NodeId node) => _model.Context = _model.Context with
    {
        Now = _model.Context.Now + 5_000,
        Nodes = [.. _model.Context.Nodes.Where(n => n.NodeId != node), Some.Node(node)],
    };

    private static NodeFacts Full(NodeId id) => Some.Node(id) with
    {
        Placement = new PlacementNode(id, id.Value, 1, null, [new PlacedModel(new ModelId("other"), 1)]),
    };
}
