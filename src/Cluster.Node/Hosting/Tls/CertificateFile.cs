using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Reads the node's certificate with its private key, PFX or PEM.</summary>
internal static class CertificateFile
{
    private const string Option = "--tls-cert";
    private const string PasswordCure = "give the right one with --tls-password-file FILE or MLCLUSTER_TLS_PASSWORD";

    // What .NET says of a PFX whose password is wrong or missing (ERROR_INVALID_PASSWORD).
    private const int InvalidPassword = unchecked((int)0x80070056);

    /// <exception cref="StartupException">One line that names the file and the cure.</exception>
    public static X509Certificate2 Read(TlsOptions options)
    {
        var path = options.Certificate!;
        var bytes = TlsFile.Read(Option, path);
        var text = Encoding.ASCII.GetString(bytes);
        var password = Password(options);
        return text.Contains("-----BEGIN ", StringComparison.Ordinal)
            ? FromPem(path, text, options.Key, password)
            : FromPfx(path, bytes, options.Key, password);
    }

    private static string? Password(TlsOptions options)
    {
        if (options.PasswordFile is null)
        {
            return options.Password;
        }

        return options.Password is null
            ? Encoding.UTF8.GetString(TlsFile.Read("--tls-password-file", options.PasswordFile)).Split('\r', '\n')[0]
            : throw new StartupException("--tls-password and --tls-password-file are both given; give one of them");
    }

    private static X509Certificate2 FromPfx(string path, byte[] bytes, string? key, string? password)
    {
        if (key is not null)
        {
            throw new StartupException(
                $"--tls-key [{key}] goes with a PEM certificate, and [{path}] is none; leave it out");
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12(bytes, password);
            return certificate.HasPrivateKey ? certificate : throw NoKey(path, "export it together with its key");
        }
        catch (CryptographicException e)
        {
            throw new StartupException(
                e.HResult == InvalidPassword
                    ? $"{Option} [{path}]: the password is {(password is null ? "missing" : "wrong")}; {PasswordCure}"
                    : $"{Option} [{path}] is no certificate as PFX or PEM: {e.Message}",
                e);
        }
    }

    private static X509Certificate2 FromPem(string path, string text, string? keyPath, string? password)
    {
        var keyText = keyPath is null ? text : Encoding.ASCII.GetString(TlsFile.Read("--tls-key", keyPath));
        using var certificate = WithoutKey(path, text);
        if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw NoKey(keyPath ?? path, "give its file with --tls-key FILE");
        }

        try
        {
            return WithKey(keyPath ?? path, text, keyText, password);
        }
        catch (CryptographicException e)
        {
            throw new StartupException(
                password is null
                    ? $"the private key in [{keyPath ?? path}] cannot be read: {e.Message}"
                    : $"the private key in [{keyPath ?? path}]: the password is wrong; {PasswordCure}",
                e);
        }
        catch (ArgumentException e)
        {
            throw new StartupException(
                $"the private key in [{keyPath ?? path}] is not that of the certificate in [{path}]; give its own", e);
        }
    }

    private static X509Certificate2 WithoutKey(string path, string text)
    {
        try
        {
            return X509Certificate2.CreateFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new StartupException($"{Option} [{path}] holds no certificate (BEGIN CERTIFICATE)", e);
        }
    }

    private static X509Certificate2 WithKey(string keyPath, string text, string keyText, string? password)
    {
        if (!keyText.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            return X509Certificate2.CreateFromPem(text, keyText);
        }

        return password is null
            ? throw new StartupException(
                $"the private key in [{keyPath}] is encrypted and the password is missing; {PasswordCure}")
            : X509Certificate2.CreateFromEncryptedPem(text, keyText, password);
    }

    private static StartupException NoKey(string path, string cure) => new($"[{path}] holds no private key; {cure}");
}
