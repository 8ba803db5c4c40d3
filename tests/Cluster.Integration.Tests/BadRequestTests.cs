using System.Net;
using System.Text;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Requests that ask for what is not there: OpenSearch's status and envelope, whatever the state.</summary>
[Collection(SharedNode.Collection)]
public sealed class BadRequestTests(SharedNode shared)
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [Theory]
    [InlineData("GET", "/_plugins/_ml/models/nope", null, 404, "status_exception")]
    [InlineData("DELETE", "/_plugins/_ml/models/nope", null, 404, "status_exception")]
    [InlineData("GET", "/_plugins/_ml/tasks/nope", null, 404, "status_exception")]
    [InlineData("DELETE", "/_plugins/_ml/tasks/nope", null, 404, "status_exception")]
    [InlineData("POST", "/_plugins/_ml/models/nope/_load", null, 404, "status_exception")]
    [InlineData("POST", "/_plugins/_ml/models/nope/_unload", null, 404, "status_exception")]
    [InlineData("POST", "/_plugins/_ml/models/nope/_predict", """{"text_docs":["a"]}""", 404, "status_exception")]
    [InlineData("POST", "/_plugins/_ml/models/_unload", null, 400, "illegal_argument_exception")]
    [InlineData("POST", "/_plugins/_ml/models/_upload", "{", 400, "json_parse_exception")]
    [InlineData("POST", "/_plugins/_ml/models/_upload", "[]", 400, "parsing_exception")]
    [InlineData("POST", "/_plugins/_ml/models/_upload", "{}", 400, "action_request_validation_exception")]
    [InlineData("POST", "/_plugins/_ml/models/_upload", """{"name":"a"}""", 400, "illegal_argument_exception")]
    public async Task Request_ThatCannotBeMet_IsAnsweredInTheEnvelope(
        string method, string path, string? json, int status, string type)
    {
        var (actual, body) = await shared.Client.SendAsync(method, path, json);

        Assert.Equal((HttpStatusCode)status, actual);
        Assert.Equal(status, (int)body["status"]!);
        Assert.Equal(type, (string?)body["error"]!["type"]);
        Assert.NotEmpty(body["error"]!["root_cause"]!.AsArray());
    }

    [Fact]
    public async Task Predict_BeforeDuringAndAfterDeployment_IsRefusedOrAnswered()
    {
        var modelId = await UploadedAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await PredictAsync(modelId)).Status);

        await shared.Client.DeployAsync(modelId);
        Assert.Equal(HttpStatusCode.OK, (await PredictAsync(modelId)).Status);

        await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy");
        var (status, body) = await PredictAsync(modelId);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("Model not ready yet.", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_OnAnUnknownNode_IsRefused()
    {
        var modelId = await UploadedAsync();

        var (status, body) = await shared.Client.SendAsync(
            "POST", $"/_plugins/_ml/models/{modelId}/_deploy", """{"node_ids":["nowhere"]}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("no eligible node found", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_DeployedModel_IsRefusedAndPossibleAfterwards()
    {
        var modelId = await UploadedAsync();
        await shared.Client.DeployAsync(modelId);

        var (status, body) = await shared.Client.SendAsync("DELETE", $"/_plugins/_ml/models/{modelId}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("Model cannot be deleted", (string)body["error"]!["reason"]!, StringComparison.Ordinal);

        await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy");
        await shared.Client.OkAsync("DELETE", $"/_plugins/_ml/models/{modelId}");
    }

    [Fact]
    public async Task Delete_WhileDeploying_IsRefusedAndTheDeploymentGoesOn()
    {
        // Its rehearsal takes all of the deadline.
        var modelId = await UploadedAsync("never-returns-in-set-state.zip");
        var deploy = await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_deploy");

        var (status, body) = await shared.Client.SendAsync("DELETE", $"/_plugins/_ml/models/{modelId}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(
            "Model cannot be deleted in deploying or deployed state",
            (string)body["error"]!["reason"]!,
            StringComparison.Ordinal);
        var model = await shared.Client.OkAsync("GET", $"/_plugins/_ml/models/{modelId}");
        Assert.Equal("DEPLOYING", (string?)model["model_state"]);
        await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy");
        await shared.Client.FinishedTaskAsync((string)deploy["task_id"]!);
    }

    [Fact]
    public async Task Predict_TenThousandTextsAndALongOne_AreAnswered()
    {
        var modelId = await UploadedAsync();
        await shared.Client.DeployAsync(modelId);
        var golden = GoldenAnswer.Tiny();
        string[] texts = [.. Enumerable.Range(0, 10_000).Select(i => golden[i % golden.Count].Text)];

        var vectors = await shared.Client.EmbedAsync(modelId, texts);

        Assert.Equal(texts.Length, vectors.Length);
        golden[0].AssertEqual(vectors[0]);
        golden[(texts.Length - 1) % golden.Count].AssertEqual(vectors[^1]);
        Assert.Single(await shared.Client.EmbedAsync(modelId, new string('a', 1_000_000)));
        Assert.Single(await shared.Client.EmbedAsync(modelId, string.Concat(Enumerable.Repeat("sunny ", 170_000))));
    }

    [Theory]
    [InlineData("7", 400)]
    [InlineData("-1", 400)]
    [InlineData("abc", 400)]
    public async Task UploadChunk_NumberOutOfRange_IsRefused(string number, int status)
    {
        var modelId = await shared.Client.RegisterMetaAsync(new byte[10], 1, Config);
        using var content = new ByteArrayContent(new byte[10]);
        content.Headers.ContentType = new("application/json");

        using var answer = await shared.Node.Http.PostAsync($"/_plugins/_ml/models/{modelId}/chunk/{number}", content);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task UploadChunk_EmptyOrTooBig_IsRefused()
    {
        var modelId = await shared.Client.RegisterMetaAsync(new byte[10], 1, Config);

        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Client.UploadChunkAsync(modelId, 0, [])).Status);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await shared.Client.UploadChunkAsync(modelId, 0, new byte[10_000_001])).Status);
    }

    [Fact]
    public async Task Body_WithoutContentType_IsNotAcceptable()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));

        using var answer = await shared.Node.Http.PostAsync("/_plugins/_ml/models/_upload", content);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    private Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode Body)> PredictAsync(string modelId) =>
        shared.Client.SendAsync("POST", $"/_plugins/_ml/models/{modelId}/_predict", """{"text_docs":["today"]}""");

    private async Task<string> UploadedAsync(string archive = "tiny-sentence-transformer.zip") =>
        await shared.Client.UploadByChunksAsync(
            await File.ReadAllBytesAsync(Repository.TinyArchive(archive)), Config);
}
