using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Reads the certificates of the authorities.</summary>
internal static class AuthorityFileReader
{
    /// <exception cref="StartupException">The file cannot be read or holds no certificate.</exception>
    public static X509Certificate2Collection Read(string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(Encoding.ASCII.GetString(TlsFile.Read("--tls-ca", path)));
        }
        catch (CryptographicException e)
        {
            throw NoCertificate(path, e);
        }

        return found.Count > 0 ? found : throw NoCertificate(path, null);
    }

    private static StartupException NoCertificate(string path, Exception? cause) => new(
        $"--tls-ca [{path}] holds no certificate; give the authority's certificates as PEM (BEGIN CERTIFICATE)", cause);
}
