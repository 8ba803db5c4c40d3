using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MlCluster.Tests.Support;

/// <summary>An authority that issues certificates of nodes, for tests with TLS.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly string _folder;

    /// <param name="folder">Where its files are written.</param>
    /// <param name="name">Its name, and that of its file.</param>
    public TestAuthority(string folder, string name)
    {
        _folder = folder;
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddYears(-1), now.AddYears(1));
        File = Path.Combine(folder, name + ".pem");
        System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
    }

    /// <summary>Its certificate as PEM.</summary>
    public string File { get; }

    /// <summary>Issues a certificate and writes it with its key as PFX.</summary>
    /// <param name="name">Of the subject and of the file.</param>
    /// <param name="password">Of the PFX; null: none.</param>
    /// <param name="ends">From now; negative: it has expired.</param>
    /// <param name="address">IP address that it is for; null: it names none.</param>
    /// <returns>The path.</returns>
    public string IssuePfx(string name, string? password = null, TimeSpan? ends = null, string? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(name, key, ends ?? TimeSpan.FromDays(90), address);
        using var withKey = certificate.CopyWithPrivateKey(key);
        return Write(name + ".pfx", withKey.Export(X509ContentType.Pfx, password));
    }

    /// <summary>Issues a certificate and writes it and its key as PEM.</summary>
    /// <param name="name">Of the subject and of the files.</param>
    /// <param name="password">Of the key; null: it is not encrypted.</param>
    /// <returns>The two paths.</returns>
    public (string Certificate, string Key) IssuePem(string name, string? password = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(name, key, TimeSpan.FromDays(90));
        var pem = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(
                password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        return (
            Write(name + ".crt", System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())),
            Write(name + ".key", System.Text.Encoding.ASCII.GetBytes(pem)));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(string name, ECDsa key, TimeSpan ends, string? address = null)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Parse(address));
            request.CertificateExtensions.Add(names.Build());
        }

        var now = TimeProvider.System.GetUtcNow();
        return request.Create(_certificate, now.AddDays(-30), now + ends, RandomNumberGenerator.GetBytes(8));
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
