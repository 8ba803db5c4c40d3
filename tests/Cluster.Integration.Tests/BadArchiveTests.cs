using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Archives whose model is broken or hostile: a task FAILED with the cause, and the node lives on.</summary>
[Collection(SharedNode.Collection)]
public sealed class BadArchiveTests(SharedNode shared)
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [Theory]
    [InlineData("unknown-operator.zip", "no_such_operator")]
    [InlineData("reads-file.zip", "from_file")]
    [InlineData("short-storage.zip", "declares 5376 bytes for storage 0, but 64 are stored")]
    [InlineData("never-returns.zip", "it ran longer than 20 s")]
    [InlineData("allocates-in-forward.zip", "bytes of memory")]
    [InlineData("allocates-in-set-state.zip", "bytes of memory")]
    [InlineData("recurses.zip", "method 'forward' is called recursively")]
    [InlineData("returns-no-tensor.zip", "forward gave something other than tensors")]
    [InlineData(
        "three-inputs.zip", "forward(input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor")]
    [InlineData("other-keys.zip", "KeyError: pixel_values")]
    [InlineData("eager-save.zip", "it was written by torch.save and has no code")]
    public async Task Deploy_HostileModel_FailsWithTheCauseAndTheNodeLives(string archive, string cause)
    {
        var error = await RefusalAsync(archive);

        Assert.True(error.Contains(cause, StringComparison.Ordinal), $"not '{cause}' but {error}");
    }

    [Theory]
    [InlineData("recurses-at-run-time.zip")]
    [InlineData("never-returns-in-set-state.zip")]
    public async Task Deploy_EndlessAndGrowing_EndsAtALimit(string archive)
    {
        // A call, or a round of the loop, takes some hundred bytes: the machine's speed decides which of the two limits
        // it meets first.
        const string Cause =
            @"the model failed its rehearsal: it (took more than \d+ bytes of memory|ran longer than 20 s) "
            + @"\(mlcluster.ml.rehearsal\.";

        Assert.Matches(Cause, await RefusalAsync(archive));
    }

    [Fact]
    public async Task Predict_ForwardThatNeverReturns_Is500AndEverythingElseGoesOn()
    {
        var good = await DeployedAsync("tiny-sentence-transformer.zip");
        var poisoned = await DeployedAsync("never-returns-on-poison.zip");

        var (status, body) = await shared.Client.SendAsync(
            "POST", $"/_plugins/_ml/models/{poisoned}/_predict", """{"text_docs":["poison"]}""");

        Assert.Equal(500, (int)status);
        Assert.Contains(poisoned, body.ToJsonString(), StringComparison.Ordinal);
        GoldenAnswer.Tiny()[0].AssertEqual((await shared.Client.EmbedAsync(good, GoldenAnswer.Tiny()[0].Text))[0]);
        var live = await shared.Client.OkAsync("GET", "/health/live");
        Assert.NotEmpty(live["reasons"]!.AsArray());
        var ready = await shared.Client.OkAsync("GET", "/health/ready");
        Assert.Contains("restart wanted: ", ready["reasons"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_WhileTheModelLoads_Is400AndSaysSo()
    {
        // Its rehearsal takes all of the deadline.
        var modelId = await shared.Client.UploadByChunksAsync(
            await File.ReadAllBytesAsync(Repository.TinyArchive("never-returns-in-set-state.zip")), Config);
        var deploy = await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_deploy");

        var (status, body) = await shared.Client.SendAsync(
            "POST", $"/_plugins/_ml/models/{modelId}/_predict", """{"text_docs":["today is sunny"]}""");

        Assert.Equal(400, (int)status);
        Assert.StartsWith(
            "Model not ready yet. The model is loading", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
        await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy");
        await shared.Client.FinishedTaskAsync((string)deploy["task_id"]!);
    }

    [Fact]
    public async Task Predict_DocumentThatThrows_FailsAloneAndTheModelStays()
    {
        var modelId = await DeployedAsync("raises-on-crash.zip");

        var (status, _) = await shared.Client.SendAsync(
            "POST", $"/_plugins/_ml/models/{modelId}/_predict", """{"text_docs":["crash"]}""");

        Assert.Equal(500, (int)status);
        Assert.Single(await shared.Client.EmbedAsync(modelId, "today is sunny"));
    }

    /// <summary>Deploys an archive in vain and gives the task's error; the node must be there afterwards.</summary>
    private async Task<string> RefusalAsync(string archive)
    {
        var bytes = await File.ReadAllBytesAsync(Repository.TinyArchive(archive));
        var modelId = await shared.Client.UploadByChunksAsync(bytes, Config);

        var task = await shared.Client.DeployAsync(modelId);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Equal(
            "DEPLOY_FAILED",
            (string?)(await shared.Client.OkAsync("GET", $"/_plugins/_ml/models/{modelId}"))["model_state"]);
        await shared.AssertAliveAsync();
        return (string)task["error"]!;
    }

    private async Task<string> DeployedAsync(string archive)
    {
        var modelId = await shared.Client.UploadByChunksAsync(
            await File.ReadAllBytesAsync(Repository.TinyArchive(archive)), Config);
        var task = await shared.Client.DeployAsync(modelId);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
        return modelId;
    }
}
