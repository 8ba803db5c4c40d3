using Akka.Actor;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class NodeEndTests
{
    [Fact]
    public void Tell_Downed_IsAnExitCodeForTheSupervisorAndOneLine()
    {
        using var output = new StringWriter();

        Assert.Equal(NodeEnd.Downed, NodeEnd.Tell(CoordinatedShutdown.ClusterDowningReason.Instance, 0, output));

        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("downed", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_ToldToStop_IsSilentAndLeavesTheCode()
    {
        using var output = new StringWriter();

        Assert.Equal(5, NodeEnd.Tell(CoordinatedShutdown.ActorSystemTerminateReason.Instance, 5, output));

        Assert.Empty(output.ToString());
    }
}
