using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MlCluster.Chaos.Cluster;

/// <summary>An authority and one certificate of it, which all nodes of a run show each other.</summary>
internal static class ChaosCertificates
{
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);
    private static readonly TimeSpan Life = TimeSpan.FromDays(90);

    /// <summary>Writes them.</summary>
    /// <returns>The settings of a node that uses them.</returns>
    public static Dictionary<string, string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var authority = Authority(authorityKey, now);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Request("chaos node", key).Create(
            authority, now - Before, now + Life, RandomNumberGenerator.GetBytes(8));
        var (ca, certificate, keyFile) = (
            Path.Combine(folder, "ca.pem"), Path.Combine(folder, "node.pem"), Path.Combine(folder, "node.key"));
        File.WriteAllText(ca, authority.ExportCertificatePem());
        File.WriteAllText(certificate, issued.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MLCLUSTER_TLS_CERT"] = certificate,
            ["MLCLUSTER_TLS_KEY"] = keyFile,
            ["MLCLUSTER_TLS_CA"] = ca,
        };
    }

    private static X509Certificate2 Authority(ECDsa key, DateTimeOffset now)
    {
        var request = Request("chaos ca", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(now - (2 * Before), now + (2 * Life));
    }

    private static CertificateRequest Request(string name, ECDsa key) =>
        new($"CN={name}", key, HashAlgorithmName.SHA256);
}
