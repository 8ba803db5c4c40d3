using MlCluster.Chaos.Rounds;

namespace MlCluster.Chaos.Tests;

public sealed class VictimRuleTests
{
    private static readonly string[] Order = ["data-1", "gateway-1", "ml-1"];

    [Theory]
    [InlineData("data-1,data-2,data-3,gateway-1,gateway-2,ml-1", "data-1")]
    [InlineData("data-1,data-2,gateway-1,gateway-2,ml-1", "gateway-1")]
    [InlineData("data-2,data-3,gateway-1,gateway-2,ml-1", "gateway-1")]
    [InlineData("data-1,data-2,gateway-1,ml-1", "ml-1")]
    [InlineData("data-1,data-2,gateway-1,ml-2", null)]
    public void Pick_SomeAreReady_KeepsTwoDataNodesAndAGateway(string ready, string? expected) =>
        Assert.Equal(expected, VictimRule.Pick(Order, ready.Split(',').ToHashSet()));
}
