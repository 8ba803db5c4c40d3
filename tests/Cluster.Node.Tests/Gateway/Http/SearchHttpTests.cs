using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Tests.Gateway.Support;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Searches over HTTP: what reaches a data node, and hits as OpenSearch writes them.</summary>
public sealed class SearchHttpTests : IAsyncLifetime
{
    private const string Models = "/_plugins/_ml/models/_search";
    private const string Tasks = "/_plugins/_ml/tasks/_search";
    private readonly GatewayHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Search_Models_GivesHitsInTheDocumentsWords(string method)
    {
        var document = Samples.Document(ModelStatus.Deployed, Dialect.Legacy);
        Answer(new DocumentsFound(1, 1, [Hit(Samples.Model.Value, DocumentBytes.Encode(document))], false));

        var text = await _host.OkAsync(method, Models, """{"query":{"term":{"model_state":"LOADED"}},"size":3}""");

        var asked = _host.Cluster.Single<SearchDocuments>();
        Assert.Equal((DocumentKind.Model, 0, 3), (asked.Kind, asked.From, asked.Size));
        Assert.Equal("model_state", Assert.IsType<TermsQuery>(SearchQueryBytes.Decode(asked.Query)).Field);
        Assert.Equal("/user/document-search", Assert.Single(_host.Cluster.Paths));
        var answer = JsonNode.Parse(text)!;
        Assert.Equal(["took", "timed_out", "_shards", "hits"], answer.AsObject().Select(p => p.Key));
        Assert.Equal("""{"total":1,"successful":1,"skipped":0,"failed":0}""", answer["_shards"]!.ToJsonString());
        Assert.Equal("""{"value":1,"relation":"eq"}""", answer["hits"]!["total"]!.ToJsonString());
        Assert.Equal(1, (float)answer["hits"]!["max_score"]!);
        var hit = Assert.Single(answer["hits"]!["hits"]!.AsArray())!.AsObject();
        Assert.Equal(
            ["_index", "_id", "_version", "_seq_no", "_primary_term", "_score", "_source"], hit.Select(p => p.Key));
        Assert.Equal(
            (".plugins-ml-model", Samples.Model.Value, 4, 9, 1),
            ((string)hit["_index"]!, (string)hit["_id"]!, (int)hit["_version"]!, (int)hit["_seq_no"]!,
                (int)hit["_primary_term"]!));
        Assert.Equal("LOADED", (string)hit["_source"]!["model_state"]!);
        Assert.Equal(1665961815959, (long)hit["_source"]!["last_loaded_time"]!);
    }

    [Fact]
    public async Task Search_NoHitsWanted_TellsNoScore()
    {
        Answer(new DocumentsFound(7, 1, [], false));

        var hits = JsonNode.Parse(await _host.OkAsync("POST", Models, """{"size":0}"""))!["hits"]!;

        Assert.Equal("""{"total":{"value":7,"relation":"eq"},"max_score":null,"hits":[]}""", hits.ToJsonString());
    }

    [Fact]
    public async Task Search_Tasks_SortedTellsWhereToGoOn()
    {
        var document = Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Completed, Dialect.Current);
        SortValue[] sort = [new(null, 5, null), new("a", null, null), new(null, null, null), new(null, null, 1.5)];
        Answer(new DocumentsFound(
            3, null, [Hit("t1", DocumentBytes.Encode(document)) with { Sort = sort }], false));

        var text = await _host.OkAsync(
            "POST",
            Tasks,
            """
            {"sort":["create_time","state","model_id","worker_node"],"search_after":[4,"x",null,1.5],"size":1,
             "track_total_hits":2}
            """);

        var asked = _host.Cluster.Single<SearchDocuments>();
        Assert.Equal(
            [
                new SortValue(null, 4, null), new SortValue("x", null, null), new SortValue(null, null, null),
                new SortValue(null, null, 1.5),
            ],
            asked.After);
        var hits = JsonNode.Parse(text)!["hits"]!;
        Assert.Equal("""{"value":2,"relation":"gte"}""", hits["total"]!.ToJsonString());
        Assert.Null(hits["max_score"]);
        Assert.Equal(".plugins-ml-task", (string)hits["hits"]![0]!["_index"]!);
        Assert.Null(hits["hits"]![0]!["_score"]);
        Assert.Equal("""[5,"a",null,1.5]""", hits["hits"]![0]!["sort"]!.ToJsonString());
        Assert.Equal("DEPLOY_MODEL", (string)hits["hits"]![0]!["_source"]!["task_type"]!);
    }

    [Theory]
    [InlineData("false", null)]
    [InlineData("\"name\"", """{"name":"all-MiniLM-L6-v2"}""")]
    [InlineData(
        "[\"model_config.model_*\",\"model_state\"]",
        """{"model_state":"REGISTERED","model_config":{"model_type":"bert"}}""")]
    [InlineData(
        "{\"includes\":[\"model_config\"],\"excludes\":[\"*.framework_type\"]}",
        """{"model_config":{"model_type":"bert","embedding_dimension":384}}""")]
    [InlineData("{\"include\":\"nothing\"}", "{}")]
    public async Task Search_Source_ShowsWhatIsWanted(string source, string? expected)
    {
        var document = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Answer(new DocumentsFound(1, 1, [Hit("m", DocumentBytes.Encode(document))], false));

        var text = await _host.OkAsync("POST", Models, $$"""{"_source":{{source}}}""");

        Assert.Equal(expected, JsonNode.Parse(text)!["hits"]!["hits"]![0]!["_source"]?.ToJsonString());
    }

    [Fact]
    public async Task Search_NoHitsWanted_TellsHowManyThereAre()
    {
        Answer(new DocumentsFound(5, 1, [], false));

        var text = await _host.OkAsync("POST", Tasks, """{"size":0}""");

        Assert.Equal(
            """{"total":{"value":5,"relation":"eq"},"max_score":null,"hits":[]}""",
            JsonNode.Parse(text)!["hits"]!.ToJsonString());
    }

    [Fact]
    public async Task Search_MoreThanAMessageHolds_IsAskedForFurther()
    {
        var document = DocumentBytes.Encode(
            Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Failed, Dialect.Current));
        _host.Cluster.Answer<SearchDocuments>(s => new DocumentsFound(
            5, 1, [.. Enumerable.Range(s.From, Math.Min(2, s.Size)).Select(n => Hit($"t{n}", document))], s.Size > 2));

        var text = await _host.OkAsync("POST", Tasks, """{"size":5}""");

        Assert.Equal(
            ["t0", "t1", "t2", "t3", "t4"],
            JsonNode.Parse(text)!["hits"]!["hits"]!.AsArray().Select(h => (string)h!["_id"]!));
        Assert.Equal(
            [(0, 5), (2, 3), (4, 1)], _host.Cluster.Asked.Cast<SearchDocuments>().Select(s => (s.From, s.Size)));
    }

    [Fact]
    public async Task Search_WithoutABody_NeedsTheSourceParameter()
    {
        Answer(new DocumentsFound(0, null, [], false));

        Assert.Equal(
            ("parse_exception", "request body or source parameter is required"),
            await _host.RefusedAsync(400, "GET", Tasks));
        var text = await _host.OkAsync(
            "GET",
            $"{Tasks}?source_content_type=application/json&source="
                + Uri.EscapeDataString("""{"query":{"match_all":{}}}"""));

        Assert.Equal("[]", JsonNode.Parse(text)!["hits"]!["hits"]!.ToJsonString());
        Assert.Null(JsonNode.Parse(text)!["hits"]!["max_score"]);
    }

    [Theory]
    [InlineData("", "source and source_content_type parameters are required")]
    [InlineData("&source_content_type=text/plain", "Unknown value for source_content_type [text/plain]; send application/json")]
    public async Task Search_SourceWithoutItsType_IsTheClientsMistake(string type, string reason) => Assert.Equal(
        ("illegal_argument_exception", reason), await _host.RefusedAsync(400, "GET", $"{Tasks}?source=%7B%7D{type}"));

    [Fact]
    public async Task Search_UnknownClause_IsRefusedBeforeAnybodyIsAsked()
    {
        var (type, reason) = await _host.RefusedAsync(
            400, "POST", Models, """{"query":{"knn":{"a":{"vector":[1]}}}}""");

        Assert.Equal(("parsing_exception", "unknown query [knn]"), (type, reason));
        Assert.Empty(_host.Cluster.Asked);
    }

    [Fact]
    public async Task Search_QueryThatNoMessageHolds_IsRefused()
    {
        var ids = string.Join(',', Enumerable.Repeat($"\"{new string('a', 500)}\"", 5_000));

        var (type, reason) = await _host.RefusedAsync(
            413, "POST", Models, $$$$"""{"query":{"ids":{"values":[{{{{ids}}}}]}}}""");

        Assert.Equal("illegal_argument_exception", type);
        Assert.Contains("search for fewer values", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.IllegalArgument, 400, "illegal_argument_exception")]
    [InlineData(ErrorCode.Unavailable, 503, "status_exception")]
    [InlineData(ErrorCode.Rejected, 429, "rejected_execution_exception")]
    public async Task Search_RefusedByTheDataNode_IsToldSo(ErrorCode code, int status, string type)
    {
        _host.Cluster.Answer<SearchDocuments>(_ => new SearchRejected(new ProtocolError(code, "because")));

        Assert.Equal((type, "because"), await _host.RefusedAsync(status, "POST", Models, "{}"));
    }

    [Fact]
    public async Task Search_NoDataNodeAnswers_IsUnavailable() =>
        Assert.Equal("status_exception", (await _host.RefusedAsync(503, "POST", Models, "{}")).Type);

    private static SearchHit Hit(string id, byte[] document) => new(id, 4, 9, 1, [], document);

    private void Answer(DocumentsFound found) => _host.Cluster.Answer<SearchDocuments>(_ => found);
}
