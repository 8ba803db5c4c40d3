using System.Security.Cryptography.X509Certificates;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>With what this node shows who it is, and whom it believes; checked before the node starts.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Authorities">Roots, and what lies between them and the nodes.</param>
/// <param name="AuthorityFile">Where they came from, for messages.</param>
internal sealed record TlsIdentity(
    X509Certificate2 Certificate, X509Certificate2Collection Authorities, string AuthorityFile)
{
    /// <summary>Reads and checks all files.</summary>
    /// <returns>Null: no TLS.</returns>
    /// <exception cref="StartupException">Others would refuse this node, or it knows not whom to believe.</exception>
    public static TlsIdentity? Load(TlsOptions options, DateTimeOffset now)
    {
        if (options.Certificate is null)
        {
            return RefuseStrayOptions(options);
        }

        var authorityFile = options.Authority ?? throw new StartupException(
            $"--tls-cert [{options.Certificate}] needs --tls-ca FILE: the certificates, as PEM, of the authority "
            + "whose nodes may take part");
        var certificate = CertificateFile.Read(options);
        var identity = new TlsIdentity(certificate, AuthorityFileReader.Read(authorityFile), authorityFile);
        return PeerRules.FaultOf(certificate, [], identity, now) is { } fault
            ? throw new StartupException($"--tls-cert [{options.Certificate}]: it {fault}; other nodes would refuse it")
            : identity;
    }

    private static TlsIdentity? RefuseStrayOptions(TlsOptions options)
    {
        (string Flag, string? Value)[] others =
        [
            ("--tls-key", options.Key), ("--tls-ca", options.Authority),
            ("--tls-password", options.Password), ("--tls-password-file", options.PasswordFile),
        ];
        return Array.Find(others, o => o.Value is not null) is { Flag: { } stray }
            ? throw new StartupException(
                $"{stray} does nothing without --tls-cert FILE; give the node's certificate too")
            : null;
    }
}
