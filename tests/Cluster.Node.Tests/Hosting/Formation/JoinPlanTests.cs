using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Formation;

namespace MlCluster.Node.Tests.Hosting.Formation;

/// <summary>Whom the first seed asks.</summary>
public sealed class JoinPlanTests
{
    private static readonly string[] Seeds = ["a:1", "b:1", "c:1"];

    [Fact]
    public void Of_NobodyAlive_ItMayFormACluster() => Assert.Equal(Seeds, JoinPlan.Of("a:1", Seeds, []).Addresses);

    [Fact]
    public void Of_SomebodyAlive_ItAsksThemFirstAndNeverItself() =>
        Assert.Equal(["d:1", "b:1", "c:1"], JoinPlan.Of("a:1", Seeds, ["d:1", "b:1"]).Addresses);

    [Fact]
    public void Equals_SameAddresses_IsNoNewPlan() =>
        Assert.Equal(JoinPlan.Of("a:1", Seeds, ["d:1"]), JoinPlan.Of("a:1", Seeds, ["d:1"]));

    [Theory]
    [InlineData("a", "data", true)]
    [InlineData("b", "data", false)]
    [InlineData("a", "ml", false)]
    public void MayForm_OnlyTheFirstSeedThatHasTheDatabase(string host, string role, bool expected)
    {
        var options = new NodeOptions
        {
            Host = host, Port = 1, Seeds = Seeds, Roles = [role], Database = DatabaseAddress.Parse("Host=db"),
        };

        Assert.Equal(expected, FormationSetup.MayForm(options));
        Assert.False(FormationSetup.MayForm(options with { Database = DatabaseAddress.DataFolder }));
    }
}
