using System.Net;
using System.Text.RegularExpressions;
using MlCluster.Node.Data;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Tests.Domain;

public class UrlPolicyTests
{
    private static readonly UrlPolicy Default = new(new UploadOptions().TrustedUrl, AllowPrivateNetworks: true, []);

    [Theory]
    [InlineData("http://example.org/a.zip")]
    [InlineData("https://example.org:8443/a.zip?x=1")]
    [InlineData("http://127.0.0.1:8000/a.zip")]
    [InlineData("http://10.1.2.3/a.zip")]
    public void Refusal_OrdinaryUrl_IsNone(string url) => Assert.Null(Default.Refusal(url));

    [Theory]
    [InlineData("gopher://example.org/a")]
    [InlineData("example.org/a.zip")]
    [InlineData("")]
    [InlineData("http://")]
    public void Refusal_NotTrusted_SaysTheContractsText(string url) =>
        Assert.Equal("URL can't match trusted url regex", Default.Refusal(url));

    [Fact]
    public void Refusal_Ftp_NamesWhatIsSupported() => Assert.Equal(
        "URL scheme ftp is not supported: use http, https or file", Default.Refusal("ftp://example.org/a.zip"));

    [Fact]
    public void Refusal_OwnExpression_IsSearchedFor()
    {
        var trusted = new Regex("trusted\\.org", RegexOptions.None, TimeSpan.FromSeconds(1));
        var policy = Default with { TrustedUrl = trusted };

        Assert.Null(policy.Refusal("http://models.trusted.org/a.zip"));
        Assert.NotNull(policy.Refusal("http://elsewhere.org/a.zip"));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    public void Refusal_LinkLocalOrMulticast_IsRefusedAlways(string address) =>
        Assert.NotNull(Default.Refusal(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://2852039166/latest")]
    public void Refusal_LinkLocalInTheUrl_IsRefused(string url) =>
        Assert.Contains("link-local", Default.Refusal(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2001:4860:4860::8888", false)]
    public void Refusal_PrivateAddress_DependsOnTheSetting(string address, bool isPrivate)
    {
        var ip = IPAddress.Parse(address);

        Assert.Null(Default.Refusal(ip));
        Assert.Equal(isPrivate, (Default with { AllowPrivateNetworks = false }).Refusal(ip) is not null);
    }

    [Fact]
    public void Refusal_FileWithoutFolders_NamesTheOption() =>
        Assert.Contains("--allow-files", Default.Refusal("file:///models/a.zip"), StringComparison.Ordinal);

    [Fact]
    public void Refusal_FileOnAnotherHost_IsRefused() =>
        Assert.NotNull((Default with { FileFolders = ["/models"] }).Refusal("file://server/models/a.zip"));

    [Theory]
    [InlineData("/models/a.zip", true)]
    [InlineData("/models/deep/a.zip", true)]
    [InlineData("/models2/a.zip", false)]
    [InlineData("/models", false)]
    [InlineData("/etc/passwd", false)]
    public void FileRefusal_OnlyBelowTheFolder_IsNone(string path, bool allowed) =>
        Assert.Equal(allowed, (Default with { FileFolders = ["/models"] }).FileRefusal(path) is null);
}
