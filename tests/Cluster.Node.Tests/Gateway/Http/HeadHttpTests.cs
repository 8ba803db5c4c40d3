using MlCluster.Messages.Tasks;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Heads of requests that no client library sends.</summary>
public sealed class HeadHttpTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new()
    {
        Hocon = "mlcluster.gateway { max-body-size = 1000b\n max-request-line-size = 300b\n max-header-size = 9000b }",
    };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(300, "no handler found")]
    [InlineData(301, "\"too_long_http_line_exception\",\"reason\":\"An HTTP line is larger than 300 bytes.")]
    [InlineData(200_000, "\"too_long_http_line_exception\"")]
    public async Task RequestLine_OverTheLimit_IsRefusedInTheEnvelope(int length, string expected)
    {
        var path = "/" + new string('a', length - "GET / HTTP/1.1".Length);

        var answer = await _host.ExchangeAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 Bad Request", answer, StringComparison.Ordinal);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 9_000)]
    [InlineData(1, 200_000)]
    [InlineData(400, 30)]
    public async Task Headers_OverTheLimit_AreRefusedInTheEnvelope(int count, int length)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}\r\n"));

        var answer = await _host.ExchangeAsync($"GET /nothing HTTP/1.1\r\nHost: a\r\n{headers}\r\n");

        Assert.StartsWith("HTTP/1.1 400 Bad Request", answer, StringComparison.Ordinal);
        Assert.Contains(
            "\"type\":\"too_long_http_header_exception\",\"reason\":\"HTTP header is larger than 9000 bytes.",
            answer,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_ManyBelowTheLimit_AreTaken()
    {
        var headers = string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: a\r\n"));

        var answer = await _host.ExchangeAsync($"GET /nothing HTTP/1.1\r\nHost: a\r\n{headers}\r\n");

        Assert.Contains("no handler found", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u00c3\u00a4 \u00e2\u0082\u00ac")]
    [InlineData("\u00ff\u00fe\u0080")]
    public async Task OpaqueId_OfAnyBytes_IsEchoedAsItCame(string bytes)
    {
        var answer = await _host.ExchangeAsync(
            $"GET /nothing HTTP/1.1\r\nHost: a\r\nX-Opaque-Id: {bytes}\r\n\r\n");

        Assert.Contains("no handler found", answer, StringComparison.Ordinal);
        Assert.Contains($"X-Opaque-Id: {bytes}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpaqueId_WithControlCharacters_IsDropped()
    {
        var answer = await _host.ExchangeAsync("GET /nothing HTTP/1.1\r\nHost: a\r\nX-Opaque-Id: a\tb\r\n\r\n");

        Assert.Contains("no handler found", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Opaque-Id", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u00c3\u00a4", "\u00e4")]
    [InlineData("\u00e4", "\u00e4")]
    public async Task OpaqueId_InTheLogOfAFault_IsReadable(string bytes, string shown)
    {
        _host.Cluster.Answer<GetTask>(_ => throw new InvalidOperationException("secret"));

        var answer = await _host.ExchangeAsync(
            $"GET /_plugins/_ml/tasks/a HTTP/1.1\r\nHost: a\r\nX-Opaque-Id: {bytes}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.Contains($"X-Opaque-Id {shown}, trace", Assert.Single(_host.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherHeader_ThatIsNoUtf8_IsTaken()
    {
        var answer = await _host.ExchangeAsync("GET /nothing HTTP/1.1\r\nHost: a\r\nUser-Agent: \u00ff\r\n\r\n");

        Assert.Contains("no handler found", answer, StringComparison.Ordinal);
    }

    // Not a byte of the body is sent: the answer cannot have waited for it.
    [Theory]
    [InlineData("/_plugins/_ml/models/_upload", "1001", "")]
    [InlineData("/_plugins/_ml/models/_upload", "107374182400", "Expect: 100-continue\r\n")]
    [InlineData("/_plugins/_ml/models/a/upload_chunk/0", "10000001", "Expect: 100-continue\r\n")]
    public async Task Body_AnnouncedOverTheLimit_IsRefusedBeforeItComes(string path, string length, string expect)
    {
        var answer = await _host.ExchangeAsync(Post(path, $"Content-Length: {length}\r\n{expect}"));

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\"illegal_argument_exception\"", answer, StringComparison.Ordinal);
    }

    // Else the client's next request would be taken for this one's body.
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/_plugins/_ml/models/_upload?lod=true")]
    public async Task Refusal_WhileTheClientWaitsToContinue_ClosesTheConnection(string path)
    {
        var answer = await _host.ExchangeAsync(Post(path, "Content-Length: 10\r\nExpect: 100-continue\r\n"));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_OfASmallBody_KeepsTheConnection()
    {
        var answer = await _host.ExchangeAsync(
            Post("/_plugins/_ml/models/_upload?lod=true", "Content-Length: 2\r\n") + "{}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Connection: close", answer, StringComparison.Ordinal);
    }

    private static string Post(string path, string headers) =>
        $"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{headers}\r\n";
}
