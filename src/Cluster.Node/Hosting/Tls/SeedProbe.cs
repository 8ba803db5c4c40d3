using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Finds out whether TLS is why a seed does not let this node in.</summary>
internal static class SeedProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Calls a seed as a node would.</summary>
    /// <returns>What is wrong and the cure; null: it is not TLS.</returns>
    public static async Task<string?> FaultOfAsync(
        string seed, TlsIdentity? identity, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            var colon = seed.LastIndexOf(':');
            await client.ConnectAsync(
                seed[..colon], int.Parse(seed[(colon + 1)..], CultureInfo.InvariantCulture), patience.Token);
            return await FaultOfAsync(seed, client.GetStream(), identity, patience.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Nobody is there: remoting says so itself.
            return null;
        }
    }

    private static async Task<string?> FaultOfAsync(
        string seed, NetworkStream network, TlsIdentity? identity, CancellationToken cancellationToken)
    {
        await using var tls = new SslStream(network);
        try
        {
            await tls.AuthenticateAsClientAsync(Options(seed, identity), cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            return null;
        }

        if (identity is null)
        {
            return $"the seed [{seed}] speaks TLS and this node does not; give it --tls-cert and --tls-ca";
        }

        return await IsClosedAsync(tls, cancellationToken)
            ? $"the seed [{seed}] refuses this node's certificate [{identity.Certificate.Subject}]; its log says why"
            : null;
    }

    // A server judges the caller after the caller has judged it; who is believed hears nothing until it speaks.
    private static async Task<bool> IsClosedAsync(SslStream tls, CancellationToken cancellationToken)
    {
        try
        {
            return await tls.ReadAsync(new byte[1], cancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Only asks: nothing is sent, so it may talk to anybody.
#pragma warning disable CA5359
    private static SslClientAuthenticationOptions Options(string seed, TlsIdentity? identity) => new()
    {
        TargetHost = seed[..seed.LastIndexOf(':')],
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
        ClientCertificates = identity is null ? [] : new X509CertificateCollection { identity.Certificate },
        LocalCertificateSelectionCallback = identity is null ? null : (_, _, _, _, _) => identity.Certificate,
    };
#pragma warning restore CA5359
}
