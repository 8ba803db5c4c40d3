using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>The frame's rules at each row of the route table, also at those that come later.</summary>
public sealed class EveryEndpointHttpTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("{\"name\":", "json_parse_exception")]
    [InlineData("{\"name\":\"a\"}}", "json_parse_exception")]
    [InlineData("{\"a\":1,\"a\":2}", "json_parse_exception")]
    [InlineData("[]", "parsing_exception")]
    [InlineData("null", "parsing_exception")]
    public async Task Body_ThatIsNoJsonObject_IsTheClientsMistake(string body, string type)
    {
        foreach (var endpoint in Rows(BodyRule.Optional, BodyRule.Required))
        {
            var refused = await _host.RefusedAsync(400, endpoint.Method, PathOf(endpoint), body);
            Assert.True(refused.Type == type, $"{endpoint.Method} {endpoint.Path} answered {refused}");
        }

        Assert.Empty(_host.Cluster.Asked);
    }

    [Fact]
    public async Task Body_Missing_IsRefusedWhereItIsRequired()
    {
        foreach (var endpoint in Rows(BodyRule.Required))
        {
            var isMeta = endpoint.Path.EndsWith("meta", StringComparison.Ordinal);
            Assert.Equal(
                isMeta
                    ? ("illegal_argument_exception", "Model meta request has empty body")
                    : ("parse_exception", "request body is required"),
                await _host.RefusedAsync(400, endpoint.Method, PathOf(endpoint)));
        }
    }

    [Fact]
    public async Task Body_WhereNoneIsRead_IsRefused()
    {
        // No client can send one with HEAD and read the answer.
        foreach (var endpoint in Rows(BodyRule.None).Where(e => e.Method != "HEAD"))
        {
            var (_, reason) = await _host.RefusedAsync(400, endpoint.Method, PathOf(endpoint), "{}");
            Assert.Equal($"request [{endpoint.Method} {PathOf(endpoint)}] does not support having a body", reason);
        }
    }

    [Fact]
    public async Task Parameter_Unknown_IsRefused()
    {
        foreach (var endpoint in _host.Endpoints.Where(e => e.Method != "HEAD"))
        {
            var (type, reason) = await _host.RefusedAsync(400, endpoint.Method, $"{PathOf(endpoint)}?zzzzzz=1");
            Assert.Equal("illegal_argument_exception", type);
            Assert.Equal($"request [{PathOf(endpoint)}] contains unrecognized parameter: [zzzzzz]", reason);
        }
    }

    [Fact]
    public async Task Method_ThatNoPathHas_TellsThoseThatItHas()
    {
        foreach (var endpoint in _host.Endpoints)
        {
            using var answer = await _host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Patch, PathOf(endpoint)));
            Assert.Equal(405, (int)answer.StatusCode);
            Assert.Contains(endpoint.Method, answer.Content.Headers.Allow);
        }
    }

    [Theory]
    [InlineData("_upload")]
    [InlineData("_register")]
    public async Task NameAndVersionInThePath_NoLongerRead_AreRefused(string word)
    {
        var path = $"/_plugins/_ml/models/a/1/{word}";

        var (type, reason) = await _host.RefusedAsync(400, "POST", path, "{}");

        Assert.Equal("illegal_argument_exception", type);
        Assert.StartsWith(
            $"request [{path}] contains unrecognized parameters: [model_id], [version]",
            reason,
            StringComparison.Ordinal);
    }

    private ApiEndpoint[] Rows(params BodyRule[] rules)
    {
        ApiEndpoint[] rows = [.. _host.Endpoints.Where(e => rules.Contains(e.Body))];
        Assert.NotEmpty(rows);
        return rows;
    }

    private static string PathOf(ApiEndpoint endpoint) => string.Join('/', endpoint.Path.Split('/').Select(s => s switch
    {
        "{algorithm}" => "text_embedding",
        "{chunk_number}" => "0",
        ['{', ..] => "a",
        _ => s,
    }));
}
