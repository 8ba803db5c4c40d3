using System.Diagnostics;
using System.Net.Http.Json;
using MlCluster.Messages.Inference;
using MlCluster.Node.Tests.Gateway.Support;
using MlCluster.Node.Tests.Routing;
using MlCluster.Node.Tests.Telemetry;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Traces and request ids, from the client's headers to the message that another node gets.</summary>
[Collection(Alone.Name)]
public sealed class TraceHttpTests : IAsyncLifetime
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ClientSpan = "b7ad6b7169203331";
    private const string TraceParent = $"00-{TraceId}-{ClientSpan}-01";
    private static readonly string Path = $"/_plugins/_ml/models/{Samples.Model}/_predict";
    private readonly GatewayHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _host.Cluster.Publish(Samples.Node(Samples.NodeB, Samples.Served));
        _host.Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Predict_SomebodyListens_SpansGoFromTheClientToTheMessage()
    {
        using var spans = new SpanReader();

        await PredictAsync(TraceParent);

        await UntilAsync(() => spans.Of(TraceId).Count == 2);
        var ask = spans.Single(TraceId, "ask");
        var server = spans.Single(TraceId, "POST");
        Assert.Equal(ClientSpan, server.ParentSpanId.ToHexString());
        Assert.Equal(server.SpanId, ask.ParentSpanId);
        Assert.Equal(ask.Id, _host.Cluster.Single<PredictRequest>().Trace?.Parent);
        Assert.Equal((ActivityKind.Server, ActivityKind.Client), (server.Kind, ask.Kind));
        Assert.Equal("POST /_plugins/_ml/models/{model_id}/_predict", server.DisplayName);
        Assert.Equal(
            ("/_plugins/_ml/models/{model_id}/_predict", 200, "my-id 7"),
            (server.GetTagItem("http.route"), server.GetTagItem("http.response.status_code"),
                server.GetTagItem("http.request.header.x-opaque-id")));
        Assert.Equal((Samples.NodeB.Value, 1), (ask.GetTagItem("node"), ask.GetTagItem("documents")));
    }

    [Fact]
    public async Task Predict_NobodyListensHere_TheClientsTraceTravelsOn()
    {
        await PredictAsync(TraceParent);

        Assert.Equal(new TraceContext(TraceParent, "vendor=7"), _host.Cluster.Single<PredictRequest>().Trace);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00-no-trace-01")]
    public async Task Predict_NoTraceThatCanBeRead_NoneTravels(string? traceParent)
    {
        await PredictAsync(traceParent);

        Assert.Null(_host.Cluster.Single<PredictRequest>().Trace);
    }

    [Fact]
    public async Task Predict_NoTraceOfTheClient_BeginsOneOfItsOwn()
    {
        using var spans = new SpanReader();

        await PredictAsync(null);

        var sent = ActivityContext.Parse(_host.Cluster.Single<PredictRequest>().Trace!.Parent, null);
        await UntilAsync(() => spans.Of(sent.TraceId.ToHexString()).Count == 2);
        Assert.Equal(default, spans.Single(sent.TraceId.ToHexString(), "POST").ParentSpanId);
    }

    [Fact]
    public async Task Fault_OfOurs_IsLoggedWithTheClientsIdAndTrace()
    {
        _host.Cluster.Answer<PredictRequest>(_ => throw new InvalidOperationException("a bug"));

        using var answer = await SendAsync(TraceParent);

        Assert.Equal(500, (int)answer.StatusCode);
        var line = Assert.Single(_host.Log.Lines);
        Assert.EndsWith($"failed; X-Opaque-Id my-id 7, trace {TraceId}", line, StringComparison.Ordinal);
        Assert.Equal("my-id 7", Assert.Single(answer.Headers.GetValues("X-Opaque-Id")));
    }

    // The span of a request ends after its answer was sent.
    private static Task UntilAsync(Func<bool> condition) =>
        RoutingHost.UntilAsync("the spans have ended", condition);

    private async Task PredictAsync(string? traceParent)
    {
        using var answer = await SendAsync(traceParent);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<HttpResponseMessage> SendAsync(string? traceParent)
    {
        // The client of this process would put its own activity into the header.
        Activity.Current = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        request.Content = JsonContent.Create(new { text_docs = new[] { "a" } });
        request.Headers.Add("X-Opaque-Id", "my-id 7");
        if (traceParent is not null)
        {
            request.Headers.Add("traceparent", traceParent);
            request.Headers.Add("tracestate", "vendor=7");
        }

        return await _host.Http.SendAsync(request);
    }
}
