using Akka.Actor;

namespace MlCluster.Node.Hosting;

/// <summary>How a node's end is told to whoever supervises the process.</summary>
internal static class NodeEnd
{
    /// <summary>Exit code of a node that the cluster goes on without: start it again.</summary>
    public const int Downed = 3;

    /// <summary>Gives the exit code, and one line where the end was not asked for.</summary>
    public static int Tell(CoordinatedShutdown.Reason? reason, TextWriter output)
    {
        if (reason is not CoordinatedShutdown.ClusterDowningReason)
        {
            return Environment.ExitCode;
        }

        output.WriteLine(
            "mlcluster: this node was downed: it had lost sight of most data nodes, or they of it (network, pause, "
            + "overload); what it had acknowledged is kept. Start it again and it joins anew");
        return Downed;
    }
}
