using Akka.Actor;
using Akka.Cluster;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Tests.Routing;

public sealed class EndedNodesTests
{
    private static readonly UniqueAddress Node = new(new Address("akka.tcp", "mlcluster", "ml-1", 4053), 7);

    [Fact]
    public void With_Refusal_IsTheEndAndNoLaterAnswerChangesThat()
    {
        var ended = new EndedNodes().With(Node, ProbeAnswer.Refuses);

        Assert.True(ended.Contains(Node));
        Assert.False(ended.MayComeBack(Node));
        Assert.True(ended.With(Node, ProbeAnswer.Listens).Contains(Node));
        Assert.False(ended.With(Node, ProbeAnswer.NoWay).MayComeBack(Node));
    }

    [Fact]
    public void With_NoWay_IsGoneUntilItAnswers()
    {
        var ended = new EndedNodes().With(Node, ProbeAnswer.NoWay);

        Assert.True(ended.Contains(Node) && ended.MayComeBack(Node));
        Assert.True(ended.With(Node, ProbeAnswer.Silent).MayComeBack(Node));
        Assert.False(ended.With(Node, ProbeAnswer.Listens).Contains(Node));
        Assert.False(ended.With(Node, ProbeAnswer.Refuses).MayComeBack(Node));
    }

    [Theory]
    [InlineData(nameof(ProbeAnswer.Silent))]
    [InlineData(nameof(ProbeAnswer.Listens))]
    public void With_NothingThatSaysSo_KeepsTheNode(string answer) =>
        Assert.False(new EndedNodes().With(Node, Enum.Parse<ProbeAnswer>(answer)).Contains(Node));
}
