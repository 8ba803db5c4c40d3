using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>What a client is told that asks for what cannot be (contract 15, recent column).</summary>
public sealed class RefusalHttpTests : IAsyncLifetime
{
    private static readonly string ModelPath = $"/_plugins/_ml/models/{Samples.Model}";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "", null, "Failed to find model with the provided model id: a b")]
    [InlineData("DELETE", "", null, "Failed to find model")]
    [InlineData("POST", "/_load", null, "Failed to find model")]
    [InlineData("POST", "/_undeploy", null, "Failed to find model")]
    [InlineData("POST", "/_predict", """{"text_docs":["a"]}""", "Failed to find model with the provided model id: a b")]
    public async Task Model_WhoseIdCanBeNone_IsNotFound(string method, string suffix, string? body, string reason)
    {
        var actual = await _host.RefusedAsync(404, method, $"/_plugins/_ml/models/a%20b{suffix}", body);

        Assert.Equal(("status_exception", reason), actual);
        Assert.Empty(Cluster.Asked);
    }

    [Theory]
    [InlineData(ErrorCode.IllegalArgument, 400, "illegal_argument_exception")]
    [InlineData(ErrorCode.BadState, 400, "status_exception")]
    [InlineData(ErrorCode.NotFound, 404, "status_exception")]
    [InlineData(ErrorCode.Conflict, 409, "status_exception")]
    [InlineData(ErrorCode.TooLarge, 413, "illegal_argument_exception")]
    [InlineData(ErrorCode.Rejected, 429, "rejected_execution_exception")]
    [InlineData(ErrorCode.CircuitBreaking, 429, "circuit_breaking_exception")]
    [InlineData(ErrorCode.ModelFailed, 500, "m_l_exception")]
    [InlineData(ErrorCode.Unavailable, 503, "status_exception")]
    [InlineData(ErrorCode.Timeout, 408, "status_exception")]
    [InlineData(ErrorCode.Internal, 500, "exception")]
    public async Task Refusal_OfEveryKind_HasItsStatusAndType(ErrorCode code, int status, string type)
    {
        Cluster.Answer<DeleteModel>(c => new ModelRejected(c.ModelId, new ProtocolError(code, "why")));

        Assert.Equal((type, "why"), await _host.RefusedAsync(status, "DELETE", ModelPath));
    }

    [Fact]
    public async Task CircuitBreaking_TellsTheNumbersThatClientsRead()
    {
        Cluster.Answer<DeployModel>(
            c => new ModelRejected(c.ModelId, new ProtocolError(ErrorCode.CircuitBreaking, "full")));

        var (_, body) = await _host.SendAsync("POST", $"{ModelPath}/_load");

        Assert.Equal(
            Samples.OneLine("""
                {"error":{"root_cause":[{"type":"circuit_breaking_exception","reason":"full","bytes_wanted":0,
                "bytes_limit":0,"durability":"TRANSIENT"}],"type":"circuit_breaking_exception","reason":"full",
                "bytes_wanted":0,"bytes_limit":0,"durability":"TRANSIENT"},"status":429}
                """),
            body);
    }

    [Fact]
    public async Task Task_Unknown_IsNotFound()
    {
        Cluster.Answer<GetTask>(
            c => new TaskRejected(c.TaskId, new ProtocolError(ErrorCode.NotFound, "Failed to find task")));
        Cluster.Answer<DeleteTask>(
            c => new TaskRejected(c.TaskId, new ProtocolError(ErrorCode.NotFound, "Failed to find task")));

        foreach (var method in new[] { "GET", "DELETE" })
        {
            Assert.Equal(
                ("status_exception", "Failed to find task"),
                await _host.RefusedAsync(404, method, "/_plugins/_ml/tasks/x"));
        }
    }

    [Theory]
    [InlineData("/_plugins/_ml/models/_unload", null)]
    [InlineData("/_plugins/_ml/models/_undeploy", """{"model_ids":[]}""")]
    public async Task Undeploy_NothingNamed_IsRefused(string path, string? body) => Assert.Equal(
        ("illegal_argument_exception", "Must set specific model ids to undeploy"),
        await _host.RefusedAsync(400, "POST", path, body));

    [Fact]
    public async Task Undeploy_BodyNamesModelsAndNodes_BodyWinsAndWordsAreResolved()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA), Samples.Node(Samples.NodeB) with { Roles = ["data"] });
        Cluster.Answer<UndeployModel>(c => c.ModelId.Value == "unknown"
            ? new ModelRejected(c.ModelId, new ProtocolError(ErrorCode.NotFound, "Failed to find model"))
            : new ModelUndeployed(c.ModelId, new Dictionary<string, bool> { [Samples.NodeA.Value] = true }, c.Dialect));

        var answer = await _host.OkAsync(
            "POST", $"{ModelPath}/_undeploy", """{"model_ids":["m1","unknown"],"node_ids":["_all"]}""");

        Assert.Equal(
            """{"KzONM8c8T4Od-NoUANQNGg":{"stats":{"m1":"undeployed","unknown":"not_found"}}}""", answer);
        Assert.All(Cluster.Asked.OfType<UndeployModel>(), c => Assert.Contains(Samples.NodeA.Value, c.NodeIds));
        Assert.DoesNotContain(Cluster.Asked.OfType<UndeployModel>(), c => c.NodeIds.Contains(Samples.NodeB.Value));
    }

    [Fact]
    public async Task Undeploy_NodesNamedThatServeNoModels_NeverMeansAllNodes()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA), Samples.Node(Samples.NodeB) with { Roles = ["data"] });
        Cluster.Answer<UndeployModel>(c => new ModelRejected(
            c.ModelId, new ProtocolError(ErrorCode.IllegalArgument, "no eligible node found")));

        await _host.RefusedAsync(
            400, "POST", $"{ModelPath}/_undeploy", $$"""{"node_ids":["{{Samples.NodeB}}","gone"]}""");

        Assert.Equal([Samples.NodeB.Value, "gone"], Cluster.Single<UndeployModel>().NodeIds);
    }

    [Fact]
    public async Task Undeploy_WordsThatMeanNodes_AreSentAsTheirIds()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<UndeployModel>(c => new ModelUndeployed(c.ModelId, new Dictionary<string, bool>(), c.Dialect));

        await _host.OkAsync("POST", $"{ModelPath}/_undeploy", """{"node_ids":["ml:true","gone"]}""");

        Assert.Equal([Samples.NodeA.Value, "gone"], Cluster.Single<UndeployModel>().NodeIds);
    }

    [Fact]
    public async Task Undeploy_NodeThatNobodyKnows_IsRefused()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<UndeployModel>(c => new ModelRejected(
            c.ModelId, new ProtocolError(ErrorCode.IllegalArgument, "no eligible node found")));

        Assert.Equal(
            ("illegal_argument_exception", "no eligible node found"),
            await _host.RefusedAsync(400, "POST", $"{ModelPath}/_undeploy", """{"node_ids":["nowhere"]}"""));
    }

    [Fact]
    public async Task Undeploy_OneOfTwoRefused_TellsWhatWasDone()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<UndeployModel>(c => c.ModelId.Value == "m1"
            ? new ModelUndeployed(c.ModelId, new Dictionary<string, bool> { [Samples.NodeA.Value] = true }, c.Dialect)
            : new ModelRejected(c.ModelId, new ProtocolError(ErrorCode.IllegalArgument, "no eligible node found")));

        Assert.Equal(
            """{"KzONM8c8T4Od-NoUANQNGg":{"stats":{"m1":"undeployed","m2":"not_found"}}}""",
            await _host.OkAsync("POST", "/_plugins/_ml/models/_undeploy", """{"model_ids":["m1","m2"]}"""));
    }

    [Fact]
    public async Task Undeploy_WishForNodesToComeWithdrawn_NamesNoNode()
    {
        Cluster.Answer<UndeployModel>(c => new ModelUndeployed(c.ModelId, new Dictionary<string, bool>(), c.Dialect));

        Assert.Equal("{}", await _host.OkAsync("POST", $"{ModelPath}/_undeploy"));
    }

    [Theory]
    [InlineData("nope", "Wrong function name")]
    [InlineData("kmeans", "function name KMEANS is not served")]
    public async Task Predict_AlgorithmInPath_IsChecked(string algorithm, string reason)
    {
        var actual = await _host.RefusedAsync(
            400, "POST", $"/_plugins/_ml/_predict/{algorithm}/{Samples.Model}", """{"text_docs":["a"]}""");

        Assert.Equal("illegal_argument_exception", actual.Type);
        Assert.StartsWith(reason, actual.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gopher://x/y.zip", "URL can't match trusted url regex")]
    [InlineData("http://169.254.1.1/y.zip", "URL leads to 169.254.1.1, a link-local")]
    [InlineData("file:///etc/passwd", "file URLs are not allowed")]
    public async Task Register_UrlThatMayNotBeFetched_IsRefusedBeforeAnyTask(string url, string reason)
    {
        var body = $$"""
            {"name":"a","model_format":"TORCH_SCRIPT","url":"{{url}}",
             "model_config":{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"} }
            """;

        var actual = await _host.RefusedAsync(400, "POST", "/_plugins/_ml/models/_register", body);

        Assert.Equal("illegal_argument_exception", actual.Type);
        Assert.StartsWith(reason, actual.Reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Profile_ViewOrBodyThatIsNone_IsRefused()
    {
        await _host.RefusedAsync(400, "GET", "/_plugins/_ml/profile?view=moon");
        await _host.RefusedAsync(400, "GET", "/_plugins/_ml/profile", """{"model_ids":"a"}""");
    }
}
