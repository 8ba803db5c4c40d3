using Akka.Actor;
using MlCluster.Node.Hosting.Tls;

namespace MlCluster.Node.Hosting;

/// <summary>How a node's end is told to whoever supervises the process.</summary>
internal static class NodeEnd
{
    /// <summary>Exit code of a node that the cluster goes on without: start it again.</summary>
    public const int Downed = 3;

    private const string DownedLine =
        "this node was downed: it had lost sight of most data nodes, or they of it (network, pause, overload); "
        + "what it had acknowledged is kept. Start it again and it joins anew";

    private const string TlsCure =
        "the line that begins with TLS says why. Compare --tls-cert and --tls-ca of both nodes, then start it again";

    private const string ExpiredCure = "renew it and start the node again";

    /// <summary>Exit code of a node that had to end because of TLS: correct the certificates, start it again.</summary>
    public const int TlsFailed = 4;

    /// <summary>
    /// Gives the exit code, and one line where the end was not asked for. <paramref name="otherwise"/> is the code of
    /// every other end.
    /// </summary>
    public static int Tell(CoordinatedShutdown.Reason? reason, int otherwise, TextWriter output)
    {
        var (code, line) = reason switch
        {
            CoordinatedShutdown.ClusterDowningReason => (Downed, DownedLine),
            PeerRefused refused => (TlsFailed, $"this node ended: {refused.Message}; {TlsCure}"),
            CertificateExpired expired => (TlsFailed, $"this node ended: {expired.Message}; {ExpiredCure}"),
            _ => (otherwise, null),
        };
        if (line is not null)
        {
            output.WriteLine($"mlcluster: {line}");
        }

        return code;
    }
}
