using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Rules that hold for every endpoint (contract 1).</summary>
public sealed class FrameHttpTests : IAsyncLifetime
{
    private const string ModelPath = "/_plugins/_ml/models/WWQI44MBbzI2oUKAvNUt";
    private readonly GatewayHost _host = new() { Hocon = "mlcluster.gateway.max-body-size = 1000b" };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task UnknownPath_AnyMethod_HasNoHandler()
    {
        var (status, body) = await _host.SendAsync("GET", "/_plugins/_ml/nothing?x=1");

        Assert.Equal(400, status);
        Assert.Equal("""{"error":"no handler found for uri [/_plugins/_ml/nothing?x=1] and method [GET]"}""", body);
    }

    [Fact]
    public async Task KnownPath_OtherMethod_TellsWhatIsAllowed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, ModelPath);

        using var answer = await _host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("DELETE, GET, PUT", string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        Assert.Equal(
            $$"""{"error":"Incorrect HTTP method for uri [{{ModelPath}}] and method [PATCH], """
            + """allowed: [DELETE, GET, PUT]","status":405}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Options_KnownPath_TellsWhatIsAllowed()
    {
        using var answer = await _host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, ModelPath));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["DELETE", "GET", "PUT"], answer.Content.Headers.Allow.Order(StringComparer.Ordinal));
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Head_Root_HasHeadersAndNoBody()
    {
        using var answer = await _host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 0);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task UnknownParameter_AnyEndpoint_IsRefused()
    {
        var (type, reason) = await _host.RefusedAsync(400, "POST", "/_plugins/_ml/models/_upload?lod=true", "{}");

        Assert.Equal("illegal_argument_exception", type);
        Assert.Equal(
            "request [/_plugins/_ml/models/_upload] contains unrecognized parameter: [lod] -> did you mean [load]?",
            reason);
    }

    [Fact]
    public async Task Body_WhereNoneIsRead_IsRefused()
    {
        var (_, reason) = await _host.RefusedAsync(400, "GET", ModelPath, "{}");

        Assert.Equal($"request [GET {ModelPath}] does not support having a body", reason);
    }

    [Fact]
    public async Task Body_Missing_IsRefused()
    {
        var (type, reason) = await _host.RefusedAsync(400, "POST", "/_plugins/_ml/models/_upload");

        Assert.Equal(("parse_exception", "request body is required"), (type, reason));
    }

    [Theory]
    [InlineData(null, "Content-Type header is missing")]
    [InlineData("text/plain", "Content-Type header [text/plain] is not supported")]
    [InlineData(
        "application/x-www-form-urlencoded",
        "Content-Type header [application/x-www-form-urlencoded] is not supported")]
    public async Task Body_OfNoKnownType_IsNotAcceptable(string? type, string reason)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        using var answer = await _host.Http.PostAsync("/_plugins/_ml/models/_upload", content);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
        Assert.Equal($$"""{"error":"{{reason}}","status":406}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OverTheLimit_IsTooLarge(bool chunked)
    {
        using var content = new StringContent(new string(' ', 1001), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_plugins/_ml/models/_upload");
        request.Content = content;
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await _host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Body_Gzip_IsInflatedAndTheLimitCountsThen()
    {
        Assert.Equal(400, (await PostPackedAsync(await GzipAsync("{}"))).Status);
        Assert.Equal(413, (await PostPackedAsync(await GzipAsync("{" + new string(' ', 2000) + "}"))).Status);
    }

    // The last eight bytes are the checksum and the length: what comes before them is all of the text.
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Body_CutGzip_IsTheClientsMistake(int missing)
    {
        var (status, answer) = await PostPackedAsync((await GzipAsync("{}"))[..^missing]);

        Assert.Equal(400, status);
        Assert.Contains("the body cannot be decompressed", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "7B7D")]
    [InlineData("deflate", "7B7D7B7D")]
    [InlineData("deflate", "78BB00000001")]
    public async Task Body_BadlyPacked_IsTheClientsMistake(string encoding, string bytes)
    {
        using var content = Json(Convert.FromHexString(bytes));
        content.Headers.ContentEncoding.Add(encoding);

        using var answer = await _host.Http.PostAsync("/_plugins/_ml/models/_upload", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task OpaqueId_IsEchoed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        request.Headers.Add("X-Opaque-Id", "my-id 7");

        using var answer = await _host.Http.SendAsync(request);

        Assert.Equal("my-id 7", Assert.Single(answer.Headers.GetValues("X-Opaque-Id")));
    }

    [Fact]
    public async Task FilterPathAndPretty_ShapeTheAnswer()
    {
        _host.Cluster.Answer<GetModel>(_ => Samples.Document(ModelStatus.Registered, Messages.Dialect.Current));

        Assert.Equal(
            """{"name":"all-MiniLM-L6-v2","model_config":{"model_type":"bert"}}""",
            await _host.OkAsync("GET", $"{ModelPath}?filter_path=name,model_config.model_type"));
        Assert.Equal(
            "{\n  \"name\": \"all-MiniLM-L6-v2\"\n}\n",
            await _host.OkAsync("GET", $"{ModelPath}?filter_path=name&pretty"));
    }

    [Fact]
    public async Task ErrorTrace_IsToldOnDemandAlone()
    {
        var (_, with) = await _host.SendAsync("GET", "/_plugins/_ml/tasks/%20?error_trace=true");
        var (_, without) = await _host.SendAsync("GET", "/_plugins/_ml/tasks/%20");

        Assert.NotNull(JsonNode.Parse(with)!["error"]!["stack_trace"]);
        Assert.Null(JsonNode.Parse(without)!["error"]!["stack_trace"]);
    }

    [Theory]
    [InlineData("pretty=maybe", 400)]
    [InlineData("format=yaml", 406)]
    public async Task CommonParameter_WithAValueThatIsNone_IsRefused(string query, int status) =>
        Assert.Equal(status, (await _host.SendAsync("GET", $"/?{query}")).Status);

    [Fact]
    public async Task OwnerUnreachable_AnyEndpoint_IsUnavailableWithRetryAfter()
    {
        _host.Cluster.Answer<GetTask>(_ => throw new ClusterUnavailableException("nobody there"));

        using var answer = await _host.Http.GetAsync("/_plugins/_ml/tasks/a");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(JsonException))]
    public async Task FaultOfOurs_AnyEndpoint_Is500WithoutItsText(Type fault)
    {
        _host.Cluster.Answer<GetTask>(_ => throw (Exception)Activator.CreateInstance(fault, "secret")!);

        var (_, reason) = await _host.RefusedAsync(500, "GET", "/_plugins/_ml/tasks/a");

        Assert.DoesNotContain("secret", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mapped", 200)]
    [InlineData("/mapped/below", 400)]
    [InlineData("/health/live", 400)]
    public async Task MappedPath_Exact_IsNotTheFrames(string path, int status) =>
        Assert.Equal(status, (await _host.SendAsync("GET", path)).Status);

    private static async Task<byte[]> GzipAsync(string body)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(body));
        }

        return packed.ToArray();
    }

    private async Task<(int Status, string Body)> PostPackedAsync(byte[] packed)
    {
        using var content = Json(packed);
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await _host.Http.PostAsync("/_plugins/_ml/models/_upload", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
