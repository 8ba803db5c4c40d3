using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>
/// Judges whoever connects, on both sides of each connection, and says in one line why somebody is refused.
/// </summary>
/// <param name="identity">Whom this node believes.</param>
/// <param name="checkHostNames">True: the certificate must name the host that was called.</param>
/// <param name="time">The clock.</param>
internal sealed class PeerCheck(TlsIdentity identity, bool checkHostNames, TimeProvider time)
{
    /// <summary>
    /// Called at each handshake; <see cref="Akka.Remote.Transport.DotNetty.CertificateValidationCallback"/>.
    /// </summary>
    public bool Accept(
        X509Certificate2? certificate, X509Chain? chain, string peer, SslPolicyErrors errors, ILoggingAdapter log)
    {
        var sent = chain?.ChainPolicy.ExtraStore ?? [];
        var fault = PeerRules.FaultOf(certificate, sent, identity, time.GetUtcNow())
            ?? (checkHostNames ? PeerRules.NameFaultOf(errors) : null);
        if (fault is null)
        {
            return true;
        }

        log.Warning("TLS: connection with [{0}] refused: its certificate [{1}] {2}", peer, certificate?.Subject, fault);
        return false;
    }
}
