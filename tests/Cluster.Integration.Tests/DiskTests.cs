using System.Diagnostics;
using System.Net;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A disk that is full or below its threshold: uploads are refused, predictions go on.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _archive = File.ReadAllBytes(Repository.TinyArchive("tiny-sentence-transformer.zip"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if ((await File.ReadAllTextAsync("/proc/mounts")).Contains(_folder.Path, StringComparison.Ordinal))
        {
            await RunAsync("umount", "-l", _folder.Path);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Upload_BelowTheThreshold_IsRefusedWithBytesAndLimit()
    {
        var config = Path.Combine(_folder.Path, "disk.hocon");
        await File.WriteAllTextAsync(config, "mlcluster.data.disk-free-space-threshold = 1024 TiB");
        await using var node = await NodeProcess.StartAsync(_folder.Path, "--config", config);

        var (status, body) = await new MlClient(node.Http).SendAsync(
            "POST", "/_plugins/_ml/models/_register", MlClient.RegisterBody("http://127.0.0.1:1/a.zip", Config));

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal("circuit_breaking_exception", (string?)body["error"]!["type"]);
        Assert.StartsWith("Disk Circuit Breaker is open", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains("disk_free_space_threshold", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Upload_OnAFullDisk_FailsAndPredictionsGoOn()
    {
        Skip.If(Environment.UserName != "root", "needs root to mount a disk of its own");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", _folder.Path);
        var config = Path.Combine(_folder.Path, "disk.hocon");
        await File.WriteAllTextAsync(
            config,
            "mlcluster.data.disk-free-space-threshold = 1 KiB\nmlcluster.ml.disk-free-space-threshold = 1 KiB");
        await using var node = await NodeProcess.StartAsync(_folder.Path, "--config", config);
        var client = new MlClient(node.Http);
        var served = await client.UploadByChunksAsync(_archive, Config);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(served))["state"]);
        var late = await client.RegisterMetaAsync(new byte[9_000_000], 1, Config);

        var filler = Path.Combine(_folder.Path, "filler");
        await FillAsync(filler);
        var (status, _) = await client.UploadChunkAsync(late, 0, new byte[9_000_000]);

        Assert.NotEqual(HttpStatusCode.OK, status);
        GoldenAnswer.Tiny()[0].AssertEqual((await client.EmbedAsync(served, GoldenAnswer.Tiny()[0].Text))[0]);

        File.Delete(filler);
        await MlClient.UntilAsync(
            async () => (await client.UploadChunkAsync(late, 0, new byte[9_000_000])).Status == HttpStatusCode.OK,
            () => $"the upload goes on once there is room\n{node.Output}");
    }

    private static async Task FillAsync(string path)
    {
        await using var file = File.Create(path, bufferSize: 1);
        try
        {
            while (true)
            {
                await file.WriteAsync(new byte[65536]);
            }
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} → {process.ExitCode}");
    }
}
