using Akka.Actor;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class NodeEndTests
{
    [Fact]
    public void Tell_Downed_IsAnExitCodeForTheSupervisorAndOneLine()
    {
        using var output = new StringWriter();

        Assert.Equal(NodeEnd.Downed, NodeEnd.Tell(CoordinatedShutdown.ClusterDowningReason.Instance, output));

        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("downed", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_ToldToStop_IsSilentAndZero()
    {
        using var output = new StringWriter();

        Assert.Equal(0, NodeEnd.Tell(CoordinatedShutdown.ActorSystemTerminateReason.Instance, output));

        Assert.Empty(output.ToString());
    }
}
