using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Archives that are broken or hostile: a task FAILED with the cause, and the node lives on.</summary>
[Collection(SharedNode.Collection)]
public sealed class BadArchiveTests(SharedNode shared)
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [Theory]
    [InlineData("unknown-operator.zip", "no_such_operator")]
    [InlineData("reads-file.zip", "from_file")]
    [InlineData("short-storage.zip", "stor")]
    [InlineData("never-returns.zip", "longer than")]
    [InlineData("never-returns-in-set-state.zip", "longer than")]
    [InlineData("allocates-in-forward.zip", "memory")]
    [InlineData("allocates-in-set-state.zip", "memory")]
    [InlineData("recurses.zip", "recurs")]
    [InlineData("recurses-at-run-time.zip", "")]
    [InlineData("returns-no-tensor.zip", "ensor")]
    [InlineData("three-inputs.zip", "")]
    [InlineData("eager-save.zip", "TorchScript")]
    public async Task Deploy_HostileModel_FailsWithTheCauseAndTheNodeLives(string archive, string cause)
    {
        var bytes = await File.ReadAllBytesAsync(Repository.TinyArchive(archive));
        var modelId = await shared.Client.UploadByChunksAsync(bytes, Config);

        var task = await shared.Client.DeployAsync(modelId);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(cause, (string)task["error"]!, StringComparison.Ordinal);
        Assert.Equal(
            "DEPLOY_FAILED",
            (string?)(await shared.Client.OkAsync("GET", $"/_plugins/_ml/models/{modelId}"))["model_state"]);
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task Deploy_HashOfAnotherArchive_FailsWithExpectedAndActual()
    {
        var bytes = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var modelId = await shared.Client.RegisterMetaAsync(bytes, 1, Config);
        await shared.Client.UploadChunkAsync(modelId, 0, [.. bytes, 0]);

        var task = await shared.Client.DeployAsync(modelId);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains("model content changed", (string)task["error"]!, StringComparison.Ordinal);
        await shared.Client.UploadChunkAsync(modelId, 0, bytes);
        Assert.Equal("COMPLETED", (string?)(await shared.Client.DeployAsync(modelId))["state"]);
    }

    [Fact]
    public async Task Deploy_ChunksMissing_FailsAndNamesThem()
    {
        var bytes = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var modelId = await shared.Client.RegisterMetaAsync(bytes, 3, Config);
        await shared.Client.UploadChunkAsync(modelId, 1, bytes[..100]);

        var task = await shared.Client.DeployAsync(modelId);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains("0", (string)task["error"]!, StringComparison.Ordinal);
        Assert.Contains("2", (string)task["error"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "zip")]
    [InlineData(1, "zip")]
    public async Task Register_NotAZip_FailsWithTheCause(int kind, string cause)
    {
        using var folder = new TemporaryFolder();
        var whole = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var file = Path.Combine(folder.Path, "a.zip");
        await File.WriteAllBytesAsync(file, kind == 0 ? whole[..(whole.Length / 2)] : new byte[5000]);
        await using var files = await FileServer.StartAsync(file);

        var task = await shared.Client.RegisterAsync($"{files.Address}whole.zip", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(cause, (string)task["error"]!, StringComparison.OrdinalIgnoreCase);
        await shared.AssertAliveAsync();
    }

    [Theory]
    [InlineData("cut.zip", "")]
    [InlineData("silent.zip", "")]
    [InlineData("none.zip", "404")]
    public async Task Register_BrokenDownload_FailsWithTheCause(string path, string cause)
    {
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));

        var task = await shared.Client.RegisterAsync($"{files.Address}{path}", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(cause, (string)task["error"]!, StringComparison.Ordinal);
        Assert.NotEqual("", (string)task["error"]!);
    }

    [Fact]
    public async Task Register_UnknownHost_FailsAndNamesIt()
    {
        var task = await shared.Client.RegisterAsync("http://no-such-host.invalid/a.zip", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains("no-such-host.invalid", (string)task["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_FileOutsideTheAllowedFolders_IsRefused()
    {
        var (status, body) = await shared.Client.SendAsync(
            "POST", "/_plugins/_ml/models/_register", MlClient.RegisterBody("file:///etc/passwd", Config));
        if (status == System.Net.HttpStatusCode.OK)
        {
            body = await shared.Client.FinishedTaskAsync((string)body["task_id"]!);
            Assert.Equal("FAILED", (string?)body["state"]);
        }

        Assert.Contains("--allow-files", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_FileThatIsAPipe_FailsInsteadOfWaiting()
    {
        var pipe = Path.Combine(shared.Files, "pipe.zip");
        await SmallDisk.RunAsync("mkfifo", pipe);

        var task = await shared.Client.RegisterAsync($"file://{pipe}", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains("is not a regular file", (string)task["error"]!, StringComparison.Ordinal);
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

    private async Task<string> DeployedAsync(string archive)
    {
        var modelId = await shared.Client.UploadByChunksAsync(
            await File.ReadAllBytesAsync(Repository.TinyArchive(archive)), Config);
        var task = await shared.Client.DeployAsync(modelId);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
        return modelId;
    }
}
