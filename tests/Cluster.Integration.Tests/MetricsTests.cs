using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>What a real node counts, told in three ways.</summary>
public sealed partial class MetricsTests : IDisposable
{
    private const string Ml = "/_plugins/_ml";
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task AfterSomePredictions_StatisticsProfileAndMetrics_TellTheSame()
    {
        await using var node = await NodeProcess.StartAsync(_data.Path);
        var client = new MlClient(node.Http);
        var cluster = new ClusterOperator(client);
        var model = await cluster.UploadAsync();
        await cluster.DeployAsync(model);
        await client.EmbedAsync(model, "today is sunny");
        await client.EmbedAsync(model, "today is sunny", "it rains", "and snows");
        await client.EmbedAsync(model, "today is sunny");
        await RefusedAsync(client, model);

        var profile = (await client.OkAsync("GET", $"{Ml}/profile/models/{model}"))["nodes"]!.AsObject()
            .Single().Value!["models"]![model]!;
        var stats = await client.OkAsync("GET", $"{Ml}/stats");
        var metrics = await MetricsAsync(node.Http);

        Assert.Equal((4, 1), ((int)profile["requests"]!, (int)profile["failed_requests"]!));
        var ofNode = stats["nodes"]!.AsObject().Single().Value!;
        AssertCounts(ofNode["models"]![model]!["predict"]!, 4, 1);
        AssertCounts(ofNode["algorithms"]!["text_embedding"]!["predict"]!, 4, 1);
        AssertCounts(ofNode["models"]![model]!["deploy"]!, 1, null);
        AssertCounts(ofNode["models"]![model]!["register"]!, 1, null);
        Assert.Equal((6, 1), ((int)ofNode["ml_request_count"]!, (int)ofNode["ml_failure_count"]!));
        Assert.Equal(4, metrics("mlcluster_requests_total", $"model=\"{model}\",", "action=\"predict\""));
        Assert.Equal(1, metrics("mlcluster_failures_total", $"model=\"{model}\",", "action=\"predict\""));

        // Times are of the three that had an answer.
        Assert.Equal(3, (int)profile["serving_stats"]!["count"]!);
        foreach (var stage in new[] { "", "tokenize_", "queue_", "forward_" })
        {
            Assert.Equal(3, metrics($"mlcluster_predict_{stage}duration_seconds_count", $"model=\"{model}\"", "cpu"));
        }

        Assert.Equal(
            (double)profile["serving_stats"]!["average"]! * 3 / 1000,
            metrics("mlcluster_predict_duration_seconds_sum", model),
            1e-6);
        Assert.Equal(3, (int)profile["predict_request_stats"]!["count"]!);
        Assert.Equal(3, metrics("mlcluster_gateway_predict_duration_seconds_count", model));
        Assert.Equal(
            (double)profile["predict_request_stats"]!["average"]! * 3 / 1000,
            metrics("mlcluster_gateway_predict_duration_seconds_sum", model),
            1e-6);
        Assert.Equal(5, (int)profile["documents"]!);
        Assert.Equal(5, metrics("mlcluster_documents_total", model));
        Assert.Equal((int)profile["forwards"]!, metrics("mlcluster_forwards_total", model));
        Assert.Equal(1, (int)ofNode["ml_deployed_model_count"]!);
        Assert.Equal(1, metrics("mlcluster_models_served"));

        // Documents are found a moment after they were made.
        await MlClient.UntilAsync(
            async () => (await client.OkAsync("GET", $"{Ml}/stats/ml_model_count")).ToJsonString()
                == """{"ml_model_count":1}""",
            () => "one model is counted");
    }

    [Fact]
    public async Task Metrics_OfANode_TellItsJournalsRequestsAndMemory()
    {
        await using var node = await NodeProcess.StartAsync(_data.Path);
        var cluster = new ClusterOperator(new MlClient(node.Http));
        var model = await cluster.UploadAsync();
        await cluster.DeployAsync(model);

        var metrics = await MetricsAsync(node.Http);

        Assert.True(metrics("mlcluster_journal_write_duration_seconds_count", "journal=\"sql\"") > 2);
        Assert.Equal(1, metrics("mlcluster_journal_write_duration_seconds_count", "journal=\"chunks\""));
        Assert.Equal(1, metrics(
            "http_server_request_duration_seconds_count",
            "http_request_method=\"POST\"",
            "http_route=\"/_plugins/_ml/models/{model_id}/_deploy\"",
            "http_response_status_code=\"200\""));
        Assert.True(metrics("process_memory_usage_bytes") > 10 << 20);

        await cluster.RemoveAsync(model);
        Assert.Equal(0, (await MetricsAsync(node.Http))("mlcluster_models_served"));
    }

    [Fact]
    public async Task Metrics_NodeThatIsNoGateway_AreThereAsWell()
    {
        await using var node = await NodeProcess.StartAsync(_data.Path, "--roles", "data");

        Assert.Equal(0, (await MetricsAsync(node.Http))("mlcluster_models_served"));
        using var refused = await node.Http.PostAsync("/metrics", content: null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
    }

    // The model has no prefixes: its node refuses to tell queries from passages.
    private static async Task RefusedAsync(MlClient client, string model)
    {
        var (status, body) = await client.SendAsync(
            "POST", $"{Ml}/models/{model}/_predict",
            """{"text_docs":["a"],"parameters":{"content_type":"query"}}""");
        Assert.True(status == HttpStatusCode.BadRequest, body.ToJsonString());
    }

    private static void AssertCounts(JsonNode counted, int requests, int? failures) => Assert.Equal(
        (requests, failures),
        ((int)counted["ml_action_request_count"]!, (int?)counted["ml_action_failure_count"]));

    /// <summary>The sum of all lines of a name that hold some texts.</summary>
    private static async Task<Lookup> MetricsAsync(HttpClient http)
    {
        var lines = (await http.GetStringAsync("/metrics")).Split('\n').Select(l => Line().Match(l))
            .Where(m => m.Success).ToArray();
        return (name, texts) => lines
            .Where(m => m.Groups["name"].Value == name)
            .Where(m => Array.TrueForAll(texts, t => m.Groups["labels"].Value.Contains(t, StringComparison.Ordinal)))
            .Sum(m => double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"\A(?<name>[a-z_]+)\{(?<labels>.*)\} (?<value>[-0-9.eE+]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();

    private delegate double Lookup(string name, params string[] texts);
}
