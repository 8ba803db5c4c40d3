using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>
/// Whose certificate is believed: one that is valid now and comes from an authority of the node's file.
/// </summary>
internal static class PeerRules
{
    /// <summary>Why a peer is refused, as the end of a sentence about its certificate; null: it is believed.</summary>
    /// <param name="certificate">What the peer showed; null: nothing.</param>
    /// <param name="sent">Further certificates that it sent along.</param>
    /// <param name="identity">Whom this node believes.</param>
    /// <param name="now">The time.</param>
    public static string? FaultOf(
        X509Certificate2? certificate, X509Certificate2Collection sent, TlsIdentity identity, DateTimeOffset now)
    {
        if (certificate is null)
        {
            return "is missing: it showed none";
        }

        // Its times are given as local ones.
        if (now.LocalDateTime < certificate.NotBefore || now.LocalDateTime > certificate.NotAfter)
        {
            return now.LocalDateTime > certificate.NotAfter
                ? $"expired on {Day(certificate.NotAfter)}; renew it"
                : $"is valid from {Day(certificate.NotBefore)} only; set the clock, or wait";
        }

        return ChainFaultOf(certificate, sent, identity, now);
    }

    /// <summary>What is wrong with the name, where that is wanted; only the side that was called has one.</summary>
    public static string? NameFaultOf(SslPolicyErrors errors) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? "names another host; issue one for the name that the node announces, or set "
                + "mlcluster.tls.check-host-names = false"
            : null;

    private static string? ChainFaultOf(
        X509Certificate2 certificate, X509Certificate2Collection sent, TlsIdentity identity, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(identity.Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(identity.Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        // A private authority has no place to ask; whoever lost a key issues all certificates anew.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Nothing is fetched from addresses that a stranger's certificate names.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (chain.Build(certificate))
        {
            return null;
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        return status.HasFlag(X509ChainStatusFlags.UntrustedRoot) || status.HasFlag(X509ChainStatusFlags.PartialChain)
            ? $"comes from no authority in [{identity.AuthorityFile}] but from [{certificate.Issuer}]"
            : $"is not valid: {chain.ChainStatus[0].StatusInformation.TrimEnd()}";
    }

    private static string Day(DateTime moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
