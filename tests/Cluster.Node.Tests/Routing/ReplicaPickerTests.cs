using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Tests.Routing;

public class ReplicaPickerTests
{
    [Fact]
    public void Pick_NoReplica_IsNull()
    {
        Assert.Null(ReplicaPicker.Pick([], _ => 0, new Random(1)));
    }

    [Fact]
    public void Pick_OneReplica_IsThatHoweverBusy()
    {
        Assert.Equal("a", ReplicaPicker.Pick([Node("a")], _ => long.MaxValue, new Random(1))!.NodeId.Value);
    }

    [Fact]
    public void Pick_TwoReplicas_IsAlwaysTheLessBusy()
    {
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var picked = ReplicaPicker.Pick([Node("busy"), Node("idle")], n => n.Value == "busy" ? 10 : 9, random);

            Assert.Equal("idle", picked!.NodeId.Value);
        }
    }

    [Fact]
    public void Pick_ManyReplicas_NeverTakesTheBusiestAndSpreadsOverTheRest()
    {
        NodeDeployments[] nodes = [Node("busiest"), Node("b"), Node("c"), Node("d")];
        var random = new Random(1);

        var picked = Enumerable.Range(0, 1000)
            .Select(_ => ReplicaPicker.Pick(nodes, n => n.Value == "busiest" ? 1 : 0, random)!.NodeId.Value)
            .CountBy(id => id)
            .ToDictionary();

        Assert.Equal(["b", "c", "d"], picked.Keys.Order());
        Assert.All(picked.Values, count => Assert.InRange(count, 200, 500));
    }

    private static NodeDeployments Node(string id) =>
        new(new NodeId(id), id, $"akka.tcp://mlcluster@{id}:1", 1, ["ml"], null, [], false, []);
}
