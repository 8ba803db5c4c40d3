using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>SIGKILL: what was acknowledged is there after a restart.</summary>
public sealed class SurvivalTests : IDisposable
{
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private readonly TemporaryFolder _data = new();
    private readonly byte[] _archive = File.ReadAllBytes(Repository.TinyArchive("tiny-sentence-transformer.zip"));

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Kill_ModelDeployed_IsDeployedAgainByItself()
    {
        string modelId;
        await using (var node = await NodeProcess.StartAsync(_data.Path))
        {
            var client = new MlClient(node.Http);
            modelId = await client.UploadByChunksAsync(_archive, TinyConfig);
            Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(modelId))["state"]);
            await node.KillAsync();
        }

        await using var second = await NodeProcess.StartAsync(_data.Path);
        var restarted = new MlClient(second.Http);
        await restarted.UntilServesAsync(modelId, () => second.Output);
        await MlClient.UntilAsync(
            async () => (string?)(await restarted.OkAsync("GET", $"/_plugins/_ml/models/{modelId}"))["model_state"]
                == "DEPLOYED",
            () => $"model {modelId} is DEPLOYED");
        var golden = GoldenAnswer.Tiny()[0];
        golden.AssertEqual((await restarted.EmbedAsync(modelId, golden.Text))[0]);
    }

    [Fact]
    public async Task Kill_HalfOfTheChunksAcknowledged_UploadGoesOn()
    {
        var half = _archive.Length / 2;
        string modelId;
        await using (var node = await NodeProcess.StartAsync(_data.Path))
        {
            var client = new MlClient(node.Http);
            modelId = await client.RegisterMetaAsync(_archive, 2, TinyConfig);
            Assert.Equal(HttpStatusCode.OK, (await client.UploadChunkAsync(modelId, 1, _archive[half..])).Status);
            await node.KillAsync();
        }

        await using var second = await NodeProcess.StartAsync(_data.Path);
        var restarted = new MlClient(second.Http);
        Assert.Equal(HttpStatusCode.OK, (await restarted.UploadChunkAsync(modelId, 0, _archive[..half])).Status);
        Assert.Equal("COMPLETED", (string?)(await restarted.DeployAsync(modelId))["state"]);
    }

    [Fact]
    public async Task Kill_WhileDownloading_SecondStartFetchesItAll()
    {
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        string taskId;
        await using (var node = await NodeProcess.StartAsync(_data.Path))
        {
            var body = MlClient.RegisterBody($"{files.Address}held.zip", TinyConfig);
            var answer = await new MlClient(node.Http).OkAsync("POST", "/_plugins/_ml/models/_register", body);
            taskId = (string)answer["task_id"]!;
            await MlClient.UntilAsync(
                () => Task.FromResult(files.HeldRequests == 1), () => "the download is under way");
            await node.KillAsync();
        }

        files.LetGo();
        await using var second = await NodeProcess.StartAsync(_data.Path);
        var restarted = new MlClient(second.Http);
        var task = await restarted.FinishedTaskAsync(taskId);

        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
        Assert.Equal(2, files.HeldRequests);
        await AssertDeploysAndAnswersAsync(restarted, (string)task["model_id"]!);
    }

    [Fact]
    public async Task Kill_WhileAModelLoads_IsLoadedByItself()
    {
        string modelId;
        string taskId;
        var config = Path.Combine(_data.Path, "one.hocon");
        await File.WriteAllTextAsync(config, "mlcluster.ml.max-concurrent-rehearsals = 1");
        await using (var node = await NodeProcess.StartAsync(_data.Path, "--config", config))
        {
            var client = new MlClient(node.Http);

            // One rehearsal runs at a time, and this one does not end before the kill: the load waits behind it. The
            // next process runs two, so that it need not wait for its end again.
            var endless = await File.ReadAllBytesAsync(Repository.TinyArchive("never-returns.zip"));
            await BeginLoadAsync(client, await client.UploadByChunksAsync(endless, TinyConfig));
            modelId = await client.UploadByChunksAsync(_archive, TinyConfig);
            taskId = await BeginLoadAsync(client, modelId);
            await node.KillAsync();
        }

        await using var second = await NodeProcess.StartAsync(_data.Path);
        var restarted = new MlClient(second.Http);
        await restarted.UntilServesAsync(modelId, () => second.Output);

        var golden = GoldenAnswer.Tiny()[0];
        golden.AssertEqual((await restarted.EmbedAsync(modelId, golden.Text))[0]);
        var task = await restarted.FinishedTaskAsync(taskId);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
    }

    [Fact]
    public async Task Kill_WhileDownloading_TaskEndsAfterTheRestart()
    {
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        string taskId;
        await using (var node = await NodeProcess.StartAsync(_data.Path))
        {
            var answer = await new MlClient(node.Http).OkAsync(
                "POST", "/_plugins/_ml/models/_register", MlClient.RegisterBody($"{files.Address}silent.zip", TinyConfig));
            taskId = (string)answer["task_id"]!;
            await node.KillAsync();
        }

        var config = Path.Combine(_data.Path, "short.hocon");
        await File.WriteAllTextAsync(config, "mlcluster.data.uploads.silence-timeout = 1s");
        await using var second = await NodeProcess.StartAsync(_data.Path, "--config", config);
        var task = await new MlClient(second.Http).FinishedTaskAsync(taskId);
        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.False(string.IsNullOrEmpty((string?)task["error"]));
    }

    [Fact]
    public async Task Terminate_Serving_ExitsWithZero()
    {
        await using var node = await NodeProcess.StartAsync(_data.Path);

        Assert.Equal(0, await node.TerminateAsync());
    }

    private static async Task AssertDeploysAndAnswersAsync(MlClient client, string modelId)
    {
        var deployed = await client.DeployAsync(modelId);
        Assert.True((string?)deployed["state"] == "COMPLETED", deployed.ToJsonString());
        var golden = GoldenAnswer.Tiny()[0];
        golden.AssertEqual((await client.EmbedAsync(modelId, golden.Text))[0]);
    }

    /// <summary>Deploys a model and waits until its rehearsal is due; gives the task.</summary>
    private static async Task<string> BeginLoadAsync(MlClient client, string modelId)
    {
        var deploy = await client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_deploy");
        await MlClient.UntilAsync(
            async () => await StageAsync(client, modelId) == "rehearsing", () => $"model {modelId} is rehearsed");
        return (string)deploy["task_id"]!;
    }

    /// <summary>How far the only node has got with a model; null: it has not begun.</summary>
    private static async Task<string?> StageAsync(MlClient client, string modelId)
    {
        var profile = await client.OkAsync("GET", $"/_plugins/_ml/profile/models/{modelId}");
        var node = (profile["nodes"] as JsonObject ?? []).Select(entry => entry.Value).SingleOrDefault();
        return (string?)node?["models"]?[modelId]?["stage"];
    }
}
