using System.Collections.Concurrent;
using System.Text;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlCluster.Messages;
using MlCluster.Node.Hosting;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>A node's telemetry as Prometheus and a collector get it.</summary>
[Collection(Alone.Name)]
public sealed class OtlpExportTests : IAsyncLifetime
{
    private static readonly PredictTimes Times = new(
        TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2),
        TimeSpan.FromMilliseconds(4));

    private readonly ConcurrentDictionary<string, string> _received = new();
    private WebApplication _collector = null!;

    public async Task InitializeAsync()
    {
        _collector = Build();
        _collector.MapPost("/v1/{signal}", TakeAsync);
        await _collector.StartAsync();
    }

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Endpoint_InHocon_GetsMetricsAndTraces()
    {
        var context = Context(
            $$"""mlcluster.telemetry.otlp { endpoint = "{{AddressOf(_collector)}}", protocol = "http/protobuf" }""");
        await using (var node = await StartAsync(context))
        {
            context.Metrics.Models.Of(new ModelId("model-1"), "TEXT_EMBEDDING", "cpu").Record(Times);
            Tracing.StartAsk(new ModelId("model-1"), context.NodeId, 1)!.Dispose();
            await node.StopAsync();
        }

        Assert.Contains("mlcluster.predict.forward.duration", _received["metrics"], StringComparison.Ordinal);
        Assert.Contains(context.NodeId.Value, _received["metrics"], StringComparison.Ordinal);
        Assert.Contains("ask", _received["traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoEndpoint_AsShipped_SendsNothingAndNobodyListens()
    {
        await using var node = await StartAsync(Context(""));

        Assert.Null(Tracing.StartAsk(new ModelId("model-1"), new NodeId("n"), 1));
        await node.StopAsync();
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Metrics_Get_IsPrometheusText()
    {
        var context = Context("");
        await using var node = await StartAsync(context);
        using var http = new HttpClient { BaseAddress = new Uri(AddressOf(node)) };
        var model = context.Metrics.Models.Of(new ModelId("model-1"), "TEXT_EMBEDDING", "cpu");
        model.Record(Times);
        model.Record(Times);
        model.RecordFailure();

        var text = await http.GetStringAsync("/metrics");

        string LineOf(string name) => Assert.Single(
            text.Split('\n'),
            l => l.StartsWith(name + "{", StringComparison.Ordinal) && l.Contains(context.NodeId.Value, StringComparison.Ordinal)
                && (!l.Contains("le=", StringComparison.Ordinal) || l.Contains("le=\"0.005\"", StringComparison.Ordinal)));
        Assert.EndsWith(" 3", ValueOf(LineOf("mlcluster_requests_total")), StringComparison.Ordinal);
        Assert.EndsWith(" 1", ValueOf(LineOf("mlcluster_failures_total")), StringComparison.Ordinal);
        Assert.EndsWith(" 2", ValueOf(LineOf("mlcluster_predict_duration_seconds_count")), StringComparison.Ordinal);
        Assert.EndsWith(
            " 2", ValueOf(LineOf("mlcluster_predict_forward_duration_seconds_bucket")), StringComparison.Ordinal);
        Assert.Contains("model=\"model-1\"", LineOf("mlcluster_requests_total"), StringComparison.Ordinal);
        Assert.Contains("process_memory_usage_bytes{", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_Post_IsRefused()
    {
        await using var node = await StartAsync(Context(""));
        using var http = new HttpClient { BaseAddress = new Uri(AddressOf(node)) };

        using var answer = await http.PostAsync("/metrics", content: null);

        Assert.Equal(405, (int)answer.StatusCode);
    }

    // A time stamp may follow the value.
    private static string ValueOf(string line) => string.Join(' ', line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..]
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(1).Prepend(""));

    private static NodeContext Context(string hocon) => new(
        new NodeOptions(),
        new NodeId($"node-{Guid.NewGuid():N}"),
        "node",
        ConfigurationFactory.ParseString(hocon),
        TimeProvider.System);

    private static async Task<WebApplication> StartAsync(NodeContext context)
    {
        var app = Build(builder => builder.AddTelemetry(context));
        app.MapMetrics();
        await app.StartAsync();
        return app;
    }

    private static WebApplication Build(Action<WebApplicationBuilder>? with = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        with?.Invoke(builder);
        return builder.Build();
    }

    private static string AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var text = Encoding.Latin1.GetString(body.ToArray());
        _received.AddOrUpdate((string)http.Request.RouteValues["signal"]!, text, (_, before) => before + text);
    }
}
