using Akka.Actor;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Why a node ends that called another one which it does not believe, or which speaks no TLS.</summary>
internal sealed class PeerRefused(Address peer) : CoordinatedShutdown.Reason
{
    /// <inheritdoc />
    public override int ExitCode => NodeEnd.TlsFailed;

    public string Message => $"TLS handshake failed on outbound connection to [{peer.Host}:{peer.Port}]";
}
