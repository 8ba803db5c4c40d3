using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>TLS between nodes: those of one authority form a cluster, nobody else gets in, and is told why.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Port = "4053";
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private readonly TemporaryFolder _data = new();
    private readonly TestAuthority _ours;
    private readonly TestAuthority _foreign;
    private readonly string _host = NodeProcess.NewAddress();

    public TlsTests() =>
        (_ours, _foreign) = (new TestAuthority(_data.Path, "ours"), new TestAuthority(_data.Path, "foreign"));

    public void Dispose()
    {
        _ours.Dispose();
        _foreign.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Nodes_OfOneAuthority_FormAClusterAndServe()
    {
        await using var seed = await StartSeedAsync();
        var (certificate, key) = _ours.IssuePem("other", "key-secret");
        var password = Path.Combine(_data.Path, "password");
        await File.WriteAllTextAsync(password, "key-secret\n");
        await using var other = Launch(
            "other", "ml", "--tls-cert", certificate, "--tls-key", key, "--tls-ca", _ours.File,
            "--tls-password-file", password);
        await other.WaitUntilReadyAsync();

        var client = new MlClient(seed.Http);
        var archive = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var modelId = await client.UploadByChunksAsync(archive, TinyConfig);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(modelId))["state"]);

        var golden = GoldenAnswer.Tiny();
        var vectors = await client.EmbedAsync(modelId, [.. golden.Select(g => g.Text)]);
        foreach (var (answer, vector) in golden.Zip(vectors))
        {
            answer.AssertEqual(vector);
        }

        Assert.DoesNotContain("secret", seed.Output + other.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("TLS: ", seed.Output + other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Join_WithoutTls_IsRefusedAndBothSaySo()
    {
        await using var seed = await StartSeedAsync();
        await using var plain = Launch("plain", "ml");

        await plain.WaitUntilPrintedAsync($"TLS: the seed [{_host}:{Port}] speaks TLS and this node does not");
        await seed.WaitUntilPrintedAsync("refused: the caller speaks no TLS; give that node --tls-cert");
        await AssertAloneAsync(seed);
    }

    [Fact]
    public async Task Join_OfAnotherAuthority_EndsWithFourAndSaysWhom()
    {
        await using var seed = await StartSeedAsync();
        await using var stranger = Launch(
            "stranger", "ml", "--tls-cert", _foreign.IssuePfx("stranger"), "--tls-ca", _foreign.File);

        Assert.Equal(4, await stranger.ExitAsync());
        Assert.Contains(
            $"its certificate [CN=seed] comes from no authority in [{_foreign.File}] but from [CN=ours]",
            stranger.Output,
            StringComparison.Ordinal);
        Assert.Contains("mlcluster: this node ended: TLS handshake failed", stranger.Output, StringComparison.Ordinal);
        await seed.WaitUntilPrintedAsync("TLS: connection ");
        await AssertAloneAsync(seed);
    }

    // It believes the cluster, the cluster does not believe it: the worst of strangers.
    [Fact]
    public async Task Join_OfAnotherAuthorityThatBelievesOurs_IsRefusedAndBothSaySo()
    {
        await using var seed = await StartSeedAsync();
        var both = Path.Combine(_data.Path, "both.pem");
        await File.WriteAllTextAsync(
            both, await File.ReadAllTextAsync(_ours.File) + "\n" + await File.ReadAllTextAsync(_foreign.File));
        await using var stranger = Launch(
            "stranger", "ml", "--tls-cert", _foreign.IssuePfx("stranger"), "--tls-ca", both);

        await stranger.WaitUntilPrintedAsync(
            $"TLS: the seed [{_host}:{Port}] refuses this node's certificate [CN=stranger]; its log says why");
        await seed.WaitUntilPrintedAsync(
            $"its certificate [CN=stranger] comes from no authority in [{_ours.File}] but from [CN=foreign]");
        await AssertAloneAsync(seed);
    }

    // As when a process is killed in that moment.
    [Fact]
    public async Task Call_BreaksOffInTheHandshake_CallerLivesAndJoinsLater()
    {
        using var dying = new TcpListener(IPAddress.Parse(_host), 4053);
        dying.Start();
        await using var caller = Launch(
            "caller", "ml", "--tls-cert", _ours.IssuePfx("caller"), "--tls-ca", _ours.File);
        foreach (var isReset in new[] { true, false, true, false })
        {
            await CutHandshakeAsync(dying, isReset);
        }

        dying.Stop();
        await using var seed = await StartSeedAsync();
        await caller.WaitUntilReadyAsync();

        Assert.Contains("TLS: connection [", caller.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("this node ended", caller.Output, StringComparison.Ordinal);
    }

    private static async Task CutHandshakeAsync(TcpListener listener, bool isReset)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var call = await listener.AcceptSocketAsync(deadline.Token);
        var hello = await call.ReceiveAsync(new byte[1], deadline.Token);
        Assert.True(hello == 1, "awaited: the caller begins the handshake");
        call.LingerState = new LingerOption(isReset, 0);
    }

    [Fact]
    public async Task Start_WrongPassword_ExitsWithTwoAndOneLineWithoutIt()
    {
        var pfx = _ours.IssuePfx("node", "right-secret");
        await using var node = Launch(
            "node", "ml", "--tls-cert", pfx, "--tls-ca", _ours.File, "--tls-password", "wrong-secret");

        Assert.Equal(2, await node.ExitAsync());
        Assert.StartsWith(
            $"mlcluster: --tls-cert [{pfx}]: the password is wrong; give", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', node.Output);
        Assert.DoesNotContain("secret", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_ComesToItsEnd_NodeEndsInGoodOrderWithFour()
    {
        // A minute before the end is the end.
        var pfx = _ours.IssuePfx("seed", ends: TimeSpan.FromSeconds(75));
        await using var node = Launch(
            "seed", "data", "--tls-cert", pfx, "--tls-ca", _ours.File, "--host", _host);

        Assert.Equal(4, await node.ExitAsync());
        Assert.Contains("warning: the certificate", node.Output, StringComparison.Ordinal);
        Assert.Contains("stopping: node seed", node.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"mlcluster: this node ended: its certificate [{pfx}] has expired", node.Output, StringComparison.Ordinal);
    }

    private static async Task AssertAloneAsync(NodeProcess seed)
    {
        var nodes = await seed.Http.GetStringAsync("/_cat/nodes?h=name");
        Assert.Equal("seed", nodes.Trim());
    }

    private async Task<NodeProcess> StartSeedAsync()
    {
        var seed = Launch(
            "seed", "data,gateway", "--tls-cert", _ours.IssuePfx("seed", "pfx-secret"), "--tls-ca", _ours.File,
            "--tls-password", "pfx-secret", "--host", _host);
        await seed.WaitUntilReadyAsync();
        return seed;
    }

    private NodeProcess Launch(string name, string roles, params string[] options)
    {
        var data = Path.Combine(_data.Path, string.Create(CultureInfo.InvariantCulture, $"{name}-data"));
        return NodeProcess.Launch(
            data,
            [
                "--name", name, "--roles", roles, "--db", $"sqlite:{Path.Combine(_data.Path, "db")}",
                "--seeds", $"{_host}:{Port}", "--port", Port, .. options,
            ]);
    }
}
