using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Uploads by <c>https</c>: nodes trust whom their environment trusts, and nobody else.</summary>
public sealed class HttpsUploadTests : IDisposable
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task UploadByUrl_CertificateOfATrustedAuthority_IsRegistered()
    {
        using var authority = new TestAuthority(_folder.Path, "trusted");

        var task = await UploadAsync(authority, trusted: authority);

        Assert.Equal("COMPLETED", (string?)task["state"]);
    }

    [Fact]
    public async Task UploadByUrl_CertificateOfAnotherAuthority_FailsAndSaysHowToMendIt()
    {
        using var trusted = new TestAuthority(_folder.Path, "trusted");
        using var other = new TestAuthority(_folder.Path, "other");

        var task = await UploadAsync(issuer: other, trusted);

        Assert.Equal("FAILED", (string?)task["state"]);
        var error = (string)task["error"]!;
        Assert.Contains("/whole.zip: no secure connection: ", error, StringComparison.Ordinal);
        Assert.Matches("UntrustedRoot|PartialChain", error);
        Assert.Contains("SSL_CERT_FILE", error, StringComparison.Ordinal);
    }

    private async Task<JsonNode> UploadAsync(TestAuthority issuer, TestAuthority trusted)
    {
        await using var server = await FileServer.StartAsync(
            Repository.TinyArchive("tiny-sentence-transformer.zip"),
            address => issuer.IssuePfx("server", address: address));
        var host = NodeProcess.NewAddress();
        await using var node = NodeProcess.Launch(
            new NodePlace(["env", $"SSL_CERT_FILE={trusted.File}"], host, host), Path.Combine(_folder.Path, "data"));
        await node.WaitUntilReadyAsync();

        var url = new Uri(server.SecureAddress, "whole.zip").AbsoluteUri;
        return await new MlClient(node.Http).RegisterAsync(url, Config);
    }
}
