using System.Net.Http.Json;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>One trace over two processes, as a collector gets it.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class TraceTests(PostgresFixture postgres)
{
    private const string TraceId = "5af7651916cd43dd8448eb211c80319c";
    private const string ClientSpan = "c7ad6b7169203331";

    [SkippableFact]
    public async Task Predict_OnAnotherNode_IsOneTraceWithParents()
    {
        await using var collector = await TraceCollector.StartAsync();
        using var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "otlp.hocon");
        await File.WriteAllTextAsync(
            config,
            $$"""mlcluster.telemetry.otlp { endpoint = "{{collector.Address}}", protocol = "http/protobuf" }""");
        await using var group = await NodeGroup.StartAsync(
            postgres.Server.NewDatabase(), ["data,gateway", "ml"], "--config", config);
        var cluster = new ClusterOperator(new MlClient(group.Nodes[0].Http));
        var ids = await cluster.NodesAsync();
        var model = await cluster.UploadAsync();
        await cluster.DeployAsync(model);

        await PredictAsync(group.Nodes[0].Http, model);

        await MlClient.UntilAsync(
            () => Task.FromResult(collector.Of(TraceId).Count == 6), () => $"six spans of {TraceId} have come");
        var post = Single(collector, "POST /_plugins/_ml/models/{model_id}/_predict", ids["node-0"]);
        var ask = Single(collector, "ask", ids["node-0"]);
        var predict = Single(collector, "predict", ids["node-1"]);
        Assert.Equal(
            (ClientSpan, post.SpanId, ask.SpanId), (post.ParentId, ask.ParentId, predict.ParentId));
        Assert.All(
            ["tokenize", "queue", "forward"],
            stage => Assert.Equal(predict.SpanId, Single(collector, stage, ids["node-1"]).ParentId));
    }

    private static CollectedSpan Single(TraceCollector collector, string name, string node)
    {
        var span = Assert.Single(collector.Of(TraceId), s => s.Name == name);
        Assert.Contains(node, span.Resource, StringComparison.Ordinal);
        return span;
    }

    private static async Task PredictAsync(HttpClient http, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/_plugins/_ml/models/{model}/_predict");
        request.Content = JsonContent.Create(new { text_docs = new[] { "today is sunny" } });
        request.Headers.Add("traceparent", $"00-{TraceId}-{ClientSpan}-01");
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
