using MlCluster.Messages;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Tests.Domain.Placement;

public class DeploymentPlannerTests
{
    private static readonly PlacementRules Rules = new(["shut"], 1.5, 100);

    private static readonly ModelId Old = new("old");
    private static readonly ModelId New = new("new");

    [Fact]
    public void Plan_RoomForOne_GoesToWhoCameFirst()
    {
        var plan = DeploymentPlanner.Plan([Node("a", maxModels: 1)], [ToAll(New, since: 2), ToAll(Old, since: 1)], Rules);

        Assert.Equal([new Assignment(Old, new NodeId("a"))], plan.Loads);
        var refusal = Assert.Single(plan.Refusals);
        Assert.Equal(New, refusal.Assignment.Model);
        Assert.Equal(
            "Exceed max local model per node limit: node a has 1 models of at most 1 (max_model_on_node); "
            + "undeploy one first",
            refusal.Reason);
    }

    [Fact]
    public void Plan_UnwantedModel_MakesRoom()
    {
        var plan = DeploymentPlanner.Plan(
            [Node("a", maxModels: 1, placed: new PlacedModel(Old, 10))], [ToAll(New, since: 1)], Rules);

        Assert.Equal([new Assignment(Old, new NodeId("a"))], plan.Unloads);
        Assert.Equal([new Assignment(New, new NodeId("a"))], plan.Loads);
    }

    [Fact]
    public void Plan_TooLittleMemory_SaysWhatIsNeededAndTaken()
    {
        var plan = DeploymentPlanner.Plan(
            [Node("a", memory: 500, placed: new PlacedModel(Old, 100))],
            [ToAll(Old, since: 1), ToAll(New, since: 2)],
            Rules);

        Assert.Equal(
            "node a has no memory for the model: it needs about 265 bytes, 250 of 500 are taken by other models; "
            + "undeploy one of them or choose another node",
            Assert.Single(plan.Refusals).Reason);
    }

    [Fact]
    public void Plan_NamedNodeIsAway_NoOtherTakesItsPlace()
    {
        var wanted = new WantedModel(New, 110, ToAll: false, [new NodeId("away")], 1);

        var plan = DeploymentPlanner.Plan([Node("a"), Node("b")], [wanted], Rules);

        Assert.Empty(plan.Loads);
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void Plan_ExcludedNode_GetsNothingAndKeepsWhatItHas()
    {
        var plan = DeploymentPlanner.Plan(
            [Node("shut", placed: new PlacedModel(Old, 10)), Node("a")],
            [ToAll(Old, since: 1), ToAll(New, since: 2)],
            Rules);

        Assert.Empty(plan.Unloads);
        Assert.Equal([new Assignment(Old, new NodeId("a")), new Assignment(New, new NodeId("a"))], plan.Loads);
    }

    private static PlacementNode Node(
        string id, int maxModels = 10, long? memory = null, params PlacedModel[] placed) =>
        new(new NodeId(id), id, maxModels, memory, placed);

    private static WantedModel ToAll(ModelId model, long since) => new(model, 110, ToAll: true, [], since);
}
