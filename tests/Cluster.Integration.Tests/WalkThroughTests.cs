using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The seed page, request by request, against a real node; and the same in today's words.</summary>
public sealed class WalkThroughTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private NodeProcess _node = null!;
    private FileServer _files = null!;
    private MlClient _client = null!;

    public async Task InitializeAsync()
    {
        _files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        _node = await NodeProcess.StartAsync(_data.Path, "--allow-files", Path.Combine(Repository.Root, "tests/archives"));
        _client = new MlClient(_node.Http);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _files.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task SeedPage_RequestByRequest_GivesThePagesAnswers()
    {
        var upload = await UploadAsync("_upload", $"{_files.Address}whole.zip?raw=true");
        Assert.Equal(["task_id", "status"], Keys(upload));
        Assert.Equal("CREATED", (string?)upload["status"]);

        var uploadTask = await _client.FinishedTaskAsync((string)upload["task_id"]!);
        Assert.Equal(
            ["model_id", "task_type", "function_name", "state", "worker_node", "create_time", "last_update_time", "is_async"],
            Keys(uploadTask));
        Assert.Equal("UPLOAD_MODEL", (string?)uploadTask["task_type"]);
        Assert.Equal("COMPLETED", (string?)uploadTask["state"]);
        Assert.Equal("TEXT_EMBEDDING", (string?)uploadTask["function_name"]);
        Assert.True((bool)uploadTask["is_async"]!);
        var modelId = (string)uploadTask["model_id"]!;

        var load = await _client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_load");
        Assert.Equal("CREATED", (string?)load["status"]);
        var loadTask = await _client.FinishedTaskAsync((string)load["task_id"]!);
        Assert.Equal("LOAD_MODEL", (string?)loadTask["task_type"]);
        Assert.Equal("COMPLETED", (string?)loadTask["state"]);
        var nodeId = (string)loadTask["worker_node"]!;

        var again = await _client.OkAsync(
            "POST", $"/_plugins/_ml/models/{modelId}/_load", $$"""{"node_ids": ["{{nodeId}}"]}""");
        Assert.Equal("COMPLETED", (string?)(await _client.FinishedTaskAsync((string)again["task_id"]!))["state"]);
        var model = await _client.OkAsync("GET", $"/_plugins/_ml/models/{modelId}");
        Assert.Equal("LOADED", (string?)model["model_state"]);

        var answer = await _client.OkAsync(
            "POST",
            $"/_plugins/_ml/models/{modelId}/_predict",
            """{"text_docs":[ "today is sunny"],"return_number": true,"target_response": ["sentence_embedding"]}""");
        var output = answer["inference_results"]![0]!["output"]!.AsArray();
        Assert.Equal(["name", "data_type", "shape", "data"], Keys(Assert.Single(output)!));
        Assert.Equal("sentence_embedding", (string?)output[0]!["name"]);
        Assert.Equal("FLOAT32", (string?)output[0]!["data_type"]);
        Assert.Equal("[8]", output[0]!["shape"]!.ToJsonString());
        GoldenAnswer.Tiny().Single(g => g.Text == "today is sunny")
            .AssertEqual([.. output[0]!["data"]!.AsArray().Select(v => (float)v!)]);

        var unload = await _client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_unload");
        Assert.Equal(Unloaded(nodeId, modelId, "deleted"), unload.ToJsonString());
    }

    [Fact]
    public async Task TodaysNames_RequestByRequest_AnswerInTodaysWords()
    {
        var file = Repository.TinyArchive("tiny-sentence-transformer.zip");
        var register = await UploadAsync("_register", $"file://{file}");
        var task = await _client.FinishedTaskAsync((string)register["task_id"]!);
        Assert.Equal("REGISTER_MODEL", (string?)task["task_type"]);
        Assert.IsType<JsonArray>(task["worker_node"]);
        var modelId = (string)task["model_id"]!;

        var deploy = await _client.DeployAsync(modelId);
        Assert.Equal("DEPLOY_MODEL", (string?)deploy["task_type"]);
        Assert.Equal("COMPLETED", (string?)deploy["state"]);
        var nodeId = (string)deploy["worker_node"]![0]!;
        Assert.Equal("DEPLOYED", (string?)(await _client.OkAsync("GET", $"/_plugins/_ml/models/{modelId}"))["model_state"]);

        foreach (var golden in GoldenAnswer.Tiny())
        {
            golden.AssertEqual((await _client.EmbedAsync(modelId, golden.Text))[0]);
        }

        var undeploy = await _client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy");
        Assert.Equal(Unloaded(nodeId, modelId, "undeployed"), undeploy.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync("DELETE", $"/_plugins/_ml/models/{modelId}")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound, (await _client.SendAsync("GET", $"/_plugins/_ml/models/{modelId}")).Status);
    }

    private static string Unloaded(string nodeId, string modelId, string word) =>
        new JsonObject { [nodeId] = new JsonObject { ["stats"] = new JsonObject { [modelId] = word } } }.ToJsonString();

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(p => p.Key);

    // The page's own body, trailing comma and all.
    private Task<JsonNode> UploadAsync(string verb, string url) => _client.OkAsync(
        "POST",
        $"/_plugins/_ml/models/{verb}",
        $$"""
        {
          "name": "all-MiniLM-L6-v2",
          "version": "1.0.0",
          "description": "test model",
          "model_format": "TORCH_SCRIPT",
          "model_config": {
            "model_type": "bert",
            "embedding_dimension": 384,
            "framework_type": "sentence_transformers",
          },
          "url": "{{url}}"
        }
        """);
}
