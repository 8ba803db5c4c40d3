using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Nodes;

public sealed class ClusterHealthTests
{
    private static readonly ClusterView View = Serving("");

    [Theory]
    [InlineData("", 0)]
    [InlineData("LL", 0)]
    [InlineData("Ll", 1)]
    [InlineData("LF", 1)]
    [InlineData("LL,F", 2)]
    [InlineData("l", 2)]
    [InlineData("p", 2)]
    [InlineData("Lp", 1)]
    public void Of_Deployments_TakesTheWorst(string models, int status)
    {
        var health = ClusterHealth.Of(
            Serving(models), Reply([.. models.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Model)]));

        Assert.Equal((HealthStatus)status, health.Status);
    }

    [Fact]
    public void Of_NobodyAnswers_IsRed() => Assert.Equal(HealthStatus.Red, ClusterHealth.Of(View, null).Status);

    [Fact]
    public void Of_NoDataNode_IsRed() =>
        Assert.Equal(HealthStatus.Red, ClusterHealth.Of(ClusterView.Empty, Reply()).Status);

    [Fact]
    public void Of_JournalStillRead_IsRed() =>
        Assert.Equal(HealthStatus.Red, ClusterHealth.Of(View, new DeploymentsReply(false, [])).Status);

    [Theory]
    [InlineData("3", 3, true)]
    [InlineData("3", 4, false)]
    [InlineData(">=3", 4, true)]
    [InlineData("ge(3)", 2, false)]
    [InlineData("<3", 2, true)]
    [InlineData("le(2)", 3, false)]
    [InlineData("gt(2)", 3, true)]
    public void Read_WaitForNodes_Compares(string text, int nodes, bool enough) =>
        Assert.Equal(enough, HealthWish.Read(QueryParameters.Parse($"wait_for_nodes={text}")).EnoughNodes(nodes));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("50s", 50_000)]
    [InlineData("2m", 120_000)]
    public void Read_Timeout_KnowsUnits(string text, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds), HealthWish.Read(QueryParameters.Parse($"timeout={text}")).Timeout);

    [Theory]
    [InlineData("wait_for_status=blue")]
    [InlineData("wait_for_nodes=many")]
    [InlineData("timeout=soon")]
    [InlineData("timeout=5")]
    public void Read_Nonsense_IsRefused(string query) =>
        Assert.Equal(
            400, Assert.Throws<ApiException>(() => HealthWish.Read(QueryParameters.Parse(query))).Error.Status);

    private static DeploymentsReply Reply(params ModelDeployment[] models) => new(true, models);

    [Fact]
    public void Of_NodeThatIsHeldUp_IsNoNodeThatLoads()
    {
        var health = ClusterHealth.Of(Serving("LlhFp"), Reply(Model("LlhFp")));

        Assert.Equal((1, 2, 2), (health.ServingReplicas, health.LoadingReplicas, health.FailedReplicas));
    }

    /// <summary>The cluster in which the nodes that are loaded serve.</summary>
    private static ClusterView Serving(string models) => new(
        Enumerable.Range(0, 5)
            .Select(i => Samples.Node(
                new NodeId($"n{i}"), models.Split(',').Any(m => m.ElementAtOrDefault(i) == 'L') ? [Samples.Served] : []))
            .ToDictionary(n => n.NodeId),
        Samples.NodeA);

    // L loaded, p by the plan alone, l loading, h held up, F failed.
    private static ModelDeployment Model(string nodes) => new(
        Samples.Model,
        "TEXT_EMBEDDING",
        ModelStatus.Deployed,
        true,
        [.. nodes.Select((c, i) => new NodeDeployment(new NodeId($"n{i}"), c switch
        {
            'L' or 'p' => NodeDeploymentStatus.Loaded,
            'l' or 'h' => NodeDeploymentStatus.Loading,
            _ => NodeDeploymentStatus.Failed,
        }, c == 'h' ? "the node has left the cluster" : null))]);
}
