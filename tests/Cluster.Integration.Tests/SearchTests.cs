using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Searches on a real node: what was done is found, in the words in which it was done, also after a restart.
/// </summary>
public sealed class SearchTests : IAsyncLifetime
{
    private const string Tasks = "/_plugins/_ml/tasks/_search";
    private const string Models = "/_plugins/_ml/models/_search";
    private readonly TemporaryFolder _data = new();
    private NodeProcess _node = null!;
    private MlClient _client = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Search_AfterEachStepOfAModelsLife_FindsItAsItIs()
    {
        var url = $"file://{Repository.TinyArchive("tiny-sentence-transformer.zip")}";
        var upload = await _client.OkAsync("POST", "/_plugins/_ml/models/_upload", MlClient.RegisterBody(url, Tiny));
        var uploadTask = (string)upload["task_id"]!;
        var model = (string)(await _client.FinishedTaskAsync(uploadTask))["model_id"]!;

        await UntilFoundAsync(Tasks, Term("state", "COMPLETED"), uploadTask);
        var hit = await UntilFoundAsync(Models, Term("model_state", "REGISTERED"), model);
        Assert.Equal("UPLOADED", (string?)hit["_source"]!["model_state"]);
        var stored = await _client.OkAsync("GET", $"/_plugins/_ml/models/{model}");
        Assert.Equal(stored.ToJsonString(), hit["_source"]!.ToJsonString());

        await _client.DeployAsync(model);
        await UntilFoundAsync(
            Models,
            """
            {"bool":{"must_not":[{"exists":{"field":"chunk_number"}}],"filter":{"prefix":{"model_state":"LOAD"}}}}
            """,
            model);

        await _node.DisposeAsync();
        await StartAsync();
        await UntilFoundAsync(Models, Term("name.keyword", "m"), model);
        await _client.OkAsync("POST", $"/_plugins/_ml/models/{model}/_undeploy");
        await UntilFoundAsync(Models, Term("model_state", "UNDEPLOYED"), model);
        await _client.OkAsync("DELETE", $"/_plugins/_ml/models/{model}");
        await UntilFoundAsync(Models, """{"match_all":{}}""", null);
        var all = await _client.OkAsync("GET", Tasks, """{"query":{"match_all":{}},"sort":[{"create_time":"asc"}]}""");
        Assert.Equal(2, (int)all["hits"]!["total"]!["value"]!);
        Assert.Equal(uploadTask, (string?)all["hits"]!["hits"]![0]!["_id"]);
    }

    private const string Tiny =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private static string Term(string field, string value) => $$$"""{"term":{"{{{field}}}":"{{{value}}}"}}""";

    private async Task StartAsync()
    {
        _node = await NodeProcess.StartAsync(
            _data.Path, "--allow-files", Path.Combine(Repository.Root, "tests/archives"));
        _client = new MlClient(_node.Http);
    }

    private async Task<JsonNode> UntilFoundAsync(string path, string query, string? id)
    {
        JsonNode? answer = null;
        await MlClient.UntilAsync(
            async () =>
            {
                answer = await _client.OkAsync("POST", path, $$"""{"query":{{query}}}""");
                var hits = answer["hits"]!["hits"]!.AsArray();
                return id is null ? hits.Count == 0 : hits.Count == 1 && (string?)hits[0]!["_id"] == id;
            },
            () => $"{query} finds [{id}]; it found {answer!.ToJsonString()}");
        return id is null ? answer! : answer!["hits"]!["hits"]![0]!;
    }
}
