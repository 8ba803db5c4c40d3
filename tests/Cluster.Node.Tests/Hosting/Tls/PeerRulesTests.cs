using System.Net.Security;
using MlCluster.Node.Hosting.Tls;
using MlCluster.Tests.Support;

namespace MlCluster.Node.Tests.Hosting.Tls;

/// <summary>Who is believed at a handshake.</summary>
public sealed class PeerRulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-").FullName;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly TestAuthority _authority;
    private readonly TlsIdentity _identity;

    public PeerRulesTests()
    {
        _authority = new TestAuthority(_folder, "ca");
        _identity = Identity(_authority, _authority.File, "node");
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void FaultOf_CertificateOfTheAuthority_IsBelievedWithinItsTime()
    {
        Assert.Null(Fault(_now));
        Assert.Contains("expired on", Fault(_now.AddDays(91)), StringComparison.Ordinal);
        Assert.Contains("is valid from", Fault(_now.AddDays(-31)), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultOf_NoCertificate_IsRefused() =>
        Assert.Contains("showed none", PeerRules.FaultOf(null, [], _identity, _now), StringComparison.Ordinal);

    [Fact]
    public void FaultOf_AuthorityOfTheSameName_IsRefused()
    {
        using var impostor = new TestAuthority(Directory.CreateDirectory(Path.Combine(_folder, "x")).FullName, "ca");
        var other = Identity(impostor, impostor.File, "node");

        Assert.NotNull(PeerRules.FaultOf(other.Certificate, other.Authorities, _identity, _now));
    }

    // A node's certificate is no authority: what it signs is worth nothing, even when it is sent along.
    [Fact]
    public void FaultOf_SignedByANode_IsRefused()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=child", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var nodeKey = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions
            .GetECDsaPrivateKey(_identity.Certificate)!;
        var signer = System.Security.Cryptography.X509Certificates.X509SignatureGenerator.CreateForECDsa(nodeKey);
        using var child = request.Create(
            _identity.Certificate.SubjectName, signer, _now.AddDays(-1), _now.AddDays(1), [1, 2, 3]);

        Assert.NotNull(PeerRules.FaultOf(child, [_identity.Certificate], _identity, _now));
    }

    [Theory]
    [InlineData(SslPolicyErrors.RemoteCertificateChainErrors, true)]
    [InlineData(SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors, false)]
    public void NameFaultOf_OnlyAnotherNameIsAFault(SslPolicyErrors errors, bool isFine) =>
        Assert.Equal(isFine, PeerRules.NameFaultOf(errors) is null);

    private static TlsIdentity Identity(TestAuthority authority, string file, string name) =>
        TlsIdentity.Load(
            new TlsOptions { Certificate = authority.IssuePfx(name), Authority = file },
            TimeProvider.System.GetUtcNow())!;

    private string? Fault(DateTimeOffset now) => PeerRules.FaultOf(_identity.Certificate, [], _identity, now);
}
