using Akka.Actor;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Why a node ends whose certificate has come to its end.</summary>
internal sealed class CertificateExpired(string file) : CoordinatedShutdown.Reason
{
    /// <inheritdoc />
    public override int ExitCode => NodeEnd.TlsFailed;

    public string Message => $"its certificate [{file}] has expired";
}
