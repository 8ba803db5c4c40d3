using System.Net;
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
}
