using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Nodes;

public sealed class NodeSelectorTests
{
    private static readonly ClusterView View = ViewOf();

    [Theory]
    [InlineData("KzONM8c8T4Od-NoUANQNGg", "K")]
    [InlineData("Kz*", "K")]
    [InlineData("node-s", "s")]
    [InlineData("node-*", "Ks")]
    [InlineData("10.0.0.75", "K")]
    [InlineData("10.0.0.75:4053", "K")]
    [InlineData("_all", "Ks")]
    [InlineData("_local", "s")]
    [InlineData("_cluster_manager", "K")]
    [InlineData("gateway:true", "K")]
    [InlineData("gateway:false", "s")]
    [InlineData("nobody", "")]
    public void Select_Word_MeansTheseNodes(string word, string firstLetters) =>
        Assert.Equal(
            firstLetters,
            string.Concat(NodeSelector.Select(View, Samples.NodeB, [word]).Select(n => n.NodeId.Value[0])));

    [Fact]
    public void Select_NoWords_MeansAll() => Assert.Equal(2, NodeSelector.Select(View, Samples.NodeA, []).Count);

    private static ClusterView ViewOf()
    {
        var a = Samples.Node(Samples.NodeA);
        var b = Samples.Node(Samples.NodeB) with { Roles = ["ml"] };
        return new ClusterView(new[] { a, b }.ToDictionary(n => n.NodeId), a.NodeId);
    }
}
