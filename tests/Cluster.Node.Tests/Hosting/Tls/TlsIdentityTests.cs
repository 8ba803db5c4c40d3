using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Tls;
using MlCluster.Tests.Support;

namespace MlCluster.Node.Tests.Hosting.Tls;

/// <summary>What is said of wrong certificates before a node starts.</summary>
public sealed class TlsIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-").FullName;
    private readonly TestAuthority _authority;

    public TlsIdentityTests() => _authority = new TestAuthority(_folder, "ca");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Load_NothingGiven_IsNoTls() => Assert.Null(Load(new TlsOptions()));

    [Fact]
    public void Load_PfxWithPassword_HasItsKey()
    {
        var identity = Load(Options(_authority.IssuePfx("node", "secret")) with { Password = "secret" });

        Assert.True(identity!.Certificate.HasPrivateKey);
        Assert.Equal("CN=node", identity.Certificate.Subject);
    }

    [Fact]
    public void Load_PemWithEncryptedKeyAndPasswordFile_HasItsKey()
    {
        var (certificate, key) = _authority.IssuePem("node", "secret");
        var file = Write("password", "secret\r\nnot this");

        Assert.True(Load(Options(certificate) with { Key = key, PasswordFile = file })!.Certificate.HasPrivateKey);
    }

    [Fact]
    public void Load_PemWithKeyInside_HasItsKey()
    {
        var (certificate, key) = _authority.IssuePem("node");
        var both = Write("both.pem", File.ReadAllText(certificate) + "\n" + File.ReadAllText(key));

        Assert.True(Load(Options(both))!.Certificate.HasPrivateKey);
    }

    [Fact]
    public void Load_FilesThatAreNotThere_NamesOptionAndFile()
    {
        AssertRefused(Options("/no/such.pfx"), "--tls-cert [/no/such.pfx] cannot be read");
        var pfx = _authority.IssuePfx("node");
        AssertRefused(Options(pfx) with { Authority = "/no/such.pem" }, "--tls-ca [/no/such.pem] cannot be read");
        AssertRefused(Options(pfx) with { PasswordFile = "/no/pw" }, "--tls-password-file [/no/pw] cannot be read");
        var (certificate, _) = _authority.IssuePem("pem");
        AssertRefused(Options(certificate) with { Key = "/no/such.key" }, "--tls-key [/no/such.key] cannot be read");
    }

    [Fact]
    public void Load_Passwords_TellsMissingFromWrong()
    {
        var pfx = _authority.IssuePfx("node", "right");
        AssertRefused(Options(pfx), "the password is missing; give");
        AssertRefused(Options(pfx) with { Password = "banana" }, "the password is wrong; give");
        var (certificate, key) = _authority.IssuePem("pem", "right");
        AssertRefused(Options(certificate) with { Key = key }, "is encrypted and the password is missing; give");
        AssertRefused(Options(certificate) with { Key = key, Password = "banana" }, $"[{key}]: the password is wrong");
        AssertRefused(Options(pfx) with { Password = "right", PasswordFile = pfx }, "are both given; give one");
    }

    [Fact]
    public void Load_NoPrivateKey_SaysHowToGiveIt()
    {
        var (certificate, key) = _authority.IssuePem("node");
        AssertRefused(Options(certificate), $"[{certificate}] holds no private key; give its file with --tls-key");
        AssertRefused(Options(certificate) with { Key = certificate }, "holds no private key");
        var (other, _) = _authority.IssuePem("other");
        AssertRefused(Options(other) with { Key = key }, $"[{key}] is not that of the certificate in [{other}]");
    }

    [Fact]
    public void Load_Garbage_SaysWhatItIsNot()
    {
        var garbage = Write("garbage", "hello");
        AssertRefused(Options(garbage), $"--tls-cert [{garbage}] is no certificate as PFX or PEM");
        AssertRefused(
            Options(_authority.IssuePfx("node")) with { Authority = garbage }, "holds no certificate; give the");
    }

    [Fact]
    public void Load_ExpiredOrOfAnotherAuthority_IsRefusedBeforeOthersDo()
    {
        AssertRefused(Options(_authority.IssuePfx("old", ends: TimeSpan.FromDays(-1))), "it expired on 2");
        using var other = new TestAuthority(_folder, "other");
        AssertRefused(
            Options(other.IssuePfx("stranger")),
            $"it comes from no authority in [{_authority.File}] but from [CN=other]; other nodes would refuse it");
    }

    [Fact]
    public void Load_HalfOfTheOptions_NamesWhatIsMissing()
    {
        AssertRefused(new TlsOptions { Certificate = _authority.IssuePfx("node") }, "needs --tls-ca FILE");
        AssertRefused(new TlsOptions { Authority = _authority.File }, "--tls-ca does nothing without --tls-cert FILE");
    }

    private static TlsIdentity? Load(TlsOptions options) => TlsIdentity.Load(options, TimeProvider.System.GetUtcNow());

    private static void AssertRefused(TlsOptions options, string expected)
    {
        var message = Assert.Throws<StartupException>(() => Load(options)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("banana", message, StringComparison.Ordinal);
    }

    private TlsOptions Options(string certificate) => new() { Certificate = certificate, Authority = _authority.File };

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
