using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Messages.Search;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Statistics over HTTP, in every form (contract 7).</summary>
public sealed class StatsHttpTests : IAsyncLifetime
{
    private const string Ml = "/_plugins/_ml";
    private static readonly string A = Samples.NodeA.Value;
    private static readonly string B = Samples.NodeB.Value;
    private readonly GatewayHost _host = new() { Hocon = "mlcluster.gateway.profile-timeout = 500ms" };

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync()
    {
        Cluster.Publish(
            Samples.Node(Samples.NodeA, Samples.Served),
            Samples.Node(Samples.NodeB) with { Roles = ["gateway"] });
        Cluster.Answer<GetNodeStatistics>(
            _ => Cluster.Paths.Last().Contains("10.0.0.75", StringComparison.Ordinal) ? Busy() : Idle());
        Cluster.Answer<SearchDocuments>(s => new DocumentsFound(s.Kind == DocumentKind.Model ? 3 : 7, 1, [], false));
        return _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Stats_Everything_IsToldAtEveryLevel() =>
        Assert.Equal(
            Named(Samples.OneLine("""
                {"ml_model_index_status":"green","ml_task_index_status":"green","ml_model_count":3,
                "ml_connector_index_status":"non-existent","ml_config_index_status":"non-existent",
                "ml_controller_index_status":"green","ml_connector_count":0,
                "nodes":{"A":{"ml_executing_task_count":2,"ml_jvm_heap_usage":31,"ml_request_count":17,
                "ml_failure_count":3,"ml_deployed_model_count":1,"ml_circuit_breaker_trigger_count":4,
                "algorithms":{
                "sparse_encoding":{"register":{"ml_action_request_count":1,"ml_action_failure_count":1}},
                "text_embedding":{"deploy":{"ml_action_request_count":2},
                "predict":{"ml_action_request_count":14,"ml_action_failure_count":2}}},
                "models":{"m1":{"deploy":{"ml_action_request_count":2},
                "predict":{"ml_action_request_count":9,"ml_action_failure_count":2}},
                "m2":{"predict":{"ml_action_request_count":5}},
                "m3":{"register":{"ml_action_request_count":1,"ml_action_failure_count":1}}}},
                "B":{"ml_executing_task_count":0,"ml_jvm_heap_usage":5,"ml_request_count":0,"ml_failure_count":0,
                "ml_deployed_model_count":0,"ml_circuit_breaker_trigger_count":0}}}
                """)),
            await _host.OkAsync("GET", $"{Ml}/stats"));

    [Fact]
    public async Task Stats_ModelsThatAreGone_CountForTheirAlgorithmAlone()
    {
        Cluster.Answer<GetNodeStatistics>(_ => new NodeStatisticsReply(
            Samples.NodeA,
            new NodeNumbers(0, 0, 12, 1, 0, 0),
            [
                new("TEXT_EMBEDDING", new ModelId("m1"), "predict", 5, 0),
                new("TEXT_EMBEDDING", null, "predict", 7, 1),
            ]));

        var node = JsonNode.Parse(await _host.OkAsync("GET", Ml + Named("/A/stats")))!["nodes"]![A]!;

        Assert.Equal(
            Samples.OneLine("""
                {"text_embedding":{"predict":{"ml_action_request_count":12,"ml_action_failure_count":1}}}
                """),
            node["algorithms"]!.ToJsonString());
        Assert.Equal(
            """{"m1":{"predict":{"ml_action_request_count":5}}}""", node["models"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/stats/ml_model_count", """{"ml_model_count":3}""")]
    [InlineData("/stats/ML_MODEL_COUNT,ml_connector_count", """{"ml_model_count":3,"ml_connector_count":0}""")]
    [InlineData("/stats/ml_controller_index_status", """{"ml_controller_index_status":"green"}""")]
    [InlineData("/stats/ml_request_count", """{"nodes":{"A":{"ml_request_count":17},"B":{"ml_request_count":0}}}""")]
    [InlineData(
        "/stats/ml_node_total_request_count",
        """{"nodes":{"A":{"ml_request_count":17},"B":{"ml_request_count":0}}}""")]
    [InlineData("/node-s/stats/ml_jvm_heap_usage", """{"nodes":{"B":{"ml_jvm_heap_usage":5}}}""")]
    [InlineData(
        "/node-K,nobody/stats/ml_failure_count,ml_model_count",
        """{"ml_model_count":3,"nodes":{"A":{"ml_failure_count":3}}}""")]
    [InlineData("/nobody/stats/ml_jvm_heap_usage", """{"nodes":{}}""")]
    public async Task Path_NodesAndNames_ChooseWhatIsTold(string path, string expected) =>
        Assert.Equal(Named(expected), await _host.OkAsync("GET", Ml + path));

    [Theory]
    [InlineData("/A/stats")]
    [InlineData("/_local/stats")]
    [InlineData("/node-K/stats")]
    public async Task Path_NodeAlone_TellsAllOfItAndOfTheCluster(string path)
    {
        var stats = JsonNode.Parse(await _host.OkAsync("GET", Ml + Named(path)))!;

        Assert.Equal(3, (int)stats["ml_model_count"]!);
        Assert.Equal([A], stats["nodes"]!.AsObject().Select(n => n.Key));
        Assert.Equal(9, (int)stats["nodes"]![A]!["models"]!["m1"]!["predict"]!["ml_action_request_count"]!);
    }

    [Theory]
    [InlineData(
        """{"target_stat_levels":["CLUSTER"],"cluster_level_stats":["ml_task_index_status"]}""",
        """{"ml_task_index_status":"green"}""")]
    [InlineData(
        """{"target_stat_levels":["node"],"node_ids":["_local"],"node_level_stats":["ML_EXECUTING_TASK_COUNT"]}""",
        """{"nodes":{"A":{"ml_executing_task_count":2}}}""")]
    [InlineData(
        """{"target_stat_levels":["ALGORITHM"],"algorithms":["sparse_encoding"]}""",
        """
        {"nodes":{"A":{"algorithms":{"sparse_encoding":{"register":{"ml_action_request_count":1,
        "ml_action_failure_count":1}}}},"B":{}}}
        """)]
    [InlineData(
        """{"target_stat_levels":["action"],"actions":["LOAD"],"action_level_stats":["ml_action_request_count"]}""",
        """{"nodes":{"A":{"algorithms":{"text_embedding":{"deploy":{"ml_action_request_count":2}}}},"B":{}}}""")]
    [InlineData(
        """{"target_stat_levels":["MODEL"],"models":["m2"],"node_ids":["A"]}""",
        """{"nodes":{"A":{"models":{"m2":{"predict":{"ml_action_request_count":5}}}}}}""")]
    [InlineData(
        """{"node_level_stats":["ml_deployed_model_count"],"node_ids":["A"],"unknown":[{}]}""",
        """{"nodes":{"A":{"ml_deployed_model_count":1}}}""")]
    public async Task Body_LevelsAndNames_ChooseWhatIsTold(string body, string expected) =>
        Assert.Equal(Named(Samples.OneLine(expected)), await _host.OkAsync("GET", $"{Ml}/stats", Named(body)));

    [Theory]
    [InlineData("/stats/nothing", "Wrong ML cluster level stat")]
    [InlineData("/stats/ml_node_nothing", "Wrong ML node level stat")]
    [InlineData("/A/stats/ml_model_count,nothing", "Wrong ML cluster level stat")]
    public async Task Path_UnknownName_IsRefused(string path, string text)
    {
        var (type, reason) = await _host.RefusedAsync(400, "GET", Ml + Named(path));

        Assert.Equal("illegal_argument_exception", type);
        Assert.StartsWith(text, reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Theory]
    [InlineData("/A/stats", "parameter: [nodeId];")]
    [InlineData("/stats/ml_model_count", "parameter: [stat];")]
    [InlineData("/A/stats/ml_model_count", "parameters: [nodeId], [stat];")]
    public async Task PathAndBody_PartOfThePathIsUnread_IsRefused(string path, string text)
    {
        var (_, reason) = await _host.RefusedAsync(400, "GET", Ml + Named(path), "{}");

        Assert.StartsWith(
            $"request [{Ml}{Named(path)}] contains unrecognized {text}", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_IsNoMethodOfIt()
    {
        var (status, body) = await _host.SendAsync("POST", $"{Ml}/stats", "{}");

        Assert.Equal(405, status);
        Assert.Contains("allowed: [GET]", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_NodeIsSilent_TheOthersAreTold()
    {
        Cluster.Answer<GetNodeStatistics>(_ => Cluster.Paths.Last().Contains("10.0.0.75", StringComparison.Ordinal)
            ? throw new ClusterUnavailableException("silent")
            : Idle());

        var nodes = JsonNode.Parse(await _host.OkAsync("GET", $"{Ml}/stats"))!["nodes"]!.AsObject();

        Assert.Equal([B], nodes.Select(n => n.Key));
    }

    [Fact]
    public async Task Stats_NoDataNodeAnswers_DocumentsAreRedAndNotCounted()
    {
        Cluster.Answer<SearchDocuments>(_ => throw new ClusterUnavailableException("silent"));

        Assert.Equal(
            Samples.OneLine("""
                {"ml_model_index_status":"red","ml_task_index_status":"red","ml_controller_index_status":"red",
                "ml_connector_count":0}
                """),
            await _host.OkAsync(
                "GET",
                $"{Ml}/stats/ml_model_index_status,ml_task_index_status,ml_model_count,ml_controller_index_status,"
                + "ml_connector_count"));
    }

    [Fact]
    public async Task Stats_OnlyNodesWanted_AsksForNoDocuments()
    {
        await _host.OkAsync("GET", $"{Ml}/stats/ml_request_count");

        Assert.Empty(Cluster.Asked.OfType<SearchDocuments>());
    }

    private static string Named(string text) => text
        .Replace("\"A\"", $"\"{A}\"", StringComparison.Ordinal)
        .Replace("\"B\"", $"\"{B}\"", StringComparison.Ordinal)
        .Replace("/A/", $"/{A}/", StringComparison.Ordinal);

    private static NodeStatisticsReply Busy() => new(
        Samples.NodeA,
        new NodeNumbers(31, 2, 17, 3, 1, 4),
        [
            new("TEXT_EMBEDDING", new ModelId("m1"), "predict", 9, 2),
            new("TEXT_EMBEDDING", new ModelId("m2"), "predict", 5, 0),
            new("TEXT_EMBEDDING", new ModelId("m1"), "deploy", 2, 0),
            new("SPARSE_ENCODING", new ModelId("m3"), "register", 1, 1),
        ]);

    private static NodeStatisticsReply Idle() => new(Samples.NodeB, new NodeNumbers(5, 0, 0, 0, 0, 0), []);
}
