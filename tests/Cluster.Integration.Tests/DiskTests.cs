using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A disk that is full or below its threshold: uploads are refused, predictions go on.</summary>
public sealed class DiskTests
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private const int BigArchiveBytes = 83_000_000;

    // Seconds without load; the deadline of a task is 600 s.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly byte[] _archive = File.ReadAllBytes(Repository.TinyArchive("tiny-sentence-transformer.zip"));

    [Fact]
    public async Task Upload_BelowTheThreshold_IsRefusedWithBytesAndLimit()
    {
        using var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "disk.hocon");
        await File.WriteAllTextAsync(config, "mlcluster.disk-free-space-threshold = 1024 TiB");
        await using var node = await NodeProcess.StartAsync(folder.Path, "--config", config);

        var (status, body) = await new MlClient(node.Http).SendAsync(
            "POST", "/_plugins/_ml/models/_register", MlClient.RegisterBody("http://127.0.0.1:1/a.zip", Config));

        AssertRefused(status, body);
    }

    [Fact]
    public async Task Deploy_BelowTheThreshold_IsRefusedWithBytesAndLimit()
    {
        using var folder = new TemporaryFolder();
        string modelId;
        await using (var roomy = await NodeProcess.StartAsync(folder.Path))
        {
            modelId = await new MlClient(roomy.Http).UploadByChunksAsync(_archive, Config);
        }

        var config = Path.Combine(folder.Path, "disk.hocon");
        await File.WriteAllTextAsync(config, "mlcluster.disk-free-space-threshold = 1024 TiB");
        await using var node = await NodeProcess.StartAsync(folder.Path, "--config", config);

        var (status, body) = await new MlClient(node.Http).SendAsync(
            "POST", $"/_plugins/_ml/models/{modelId}/_deploy");

        AssertRefused(status, body);
    }

    [SkippableFact]
    public async Task UploadByUrl_MoreThanTheDiskHolds_FailsSoonAndLeavesNothing()
    {
        await using var disk = await SmallDisk.MountAsync();
        var big = Path.Combine(disk.Outside, "big.zip");
        await using (var file = File.Create(big))
        {
            file.SetLength(BigArchiveBytes);
        }

        await using var node = await disk.StartNodeAsync("1 MiB", "--allow-files", disk.Outside);
        var client = new MlClient(node.Http);
        var clock = Stopwatch.StartNew();

        var task = await client.RegisterAsync($"file://{big}", Config);

        Assert.True(clock.Elapsed < Soon, $"it took {clock.Elapsed}");
        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.StartsWith("Disk Circuit Breaker is open", (string)task["error"]!, StringComparison.Ordinal);
        var (status, _) = await client.SendAsync("GET", $"/_plugins/_ml/models/{(string)task["model_id"]!}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        await MlClient.UntilAsync(
            () => Task.FromResult(ChunkBytes(disk.Path) == 0), () => $"the chunks are gone\n{node.Output}");
        Assert.Single(node.Output.Split('\n'), line => line.Contains("Disk Circuit Breaker", StringComparison.Ordinal));
        // The node lives on: what fits is uploaded and served.
        var modelId = await client.UploadByChunksAsync(_archive, Config);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(modelId))["state"]);
    }

    [SkippableFact]
    public async Task UploadByChunks_MoreThanTheDiskHolds_IsRefusedAndGoesOnWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var node = await disk.StartNodeAsync("1 MiB");
        var client = new MlClient(node.Http);
        var model = await client.RegisterMetaAsync(new byte[BigArchiveBytes], 9, Config);
        var filler = await disk.FillAsync(leaveBytes: 15_000_000);

        var (status, body) = await client.UploadChunkAsync(model, 0, new byte[10_000_000]);

        AssertRefused(status, body);
        File.Delete(filler);
        Assert.Equal(HttpStatusCode.OK, (await client.UploadChunkAsync(model, 0, new byte[10_000_000])).Status);
    }

    [SkippableFact]
    public async Task Upload_OnAFullDisk_FailsAndPredictionsGoOn()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var node = await disk.StartNodeAsync("1 KiB");
        var client = new MlClient(node.Http);
        var served = await client.UploadByChunksAsync(_archive, Config);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(served))["state"]);
        var late = await client.RegisterMetaAsync(new byte[9_000_000], 1, Config);

        var filler = await disk.FillAsync();
        var (status, _) = await client.UploadChunkAsync(late, 0, new byte[9_000_000]);

        Assert.NotEqual(HttpStatusCode.OK, status);
        GoldenAnswer.Tiny()[0].AssertEqual((await client.EmbedAsync(served, GoldenAnswer.Tiny()[0].Text))[0]);

        File.Delete(filler);
        await MlClient.UntilAsync(
            async () => (await client.UploadChunkAsync(late, 0, new byte[9_000_000])).Status == HttpStatusCode.OK,
            () => $"the upload goes on once there is room\n{node.Output}");
    }

    [SkippableFact]
    public async Task Deploy_DiskFullInTheMiddle_FailsLeavesNothingAndIsLoadedOnceThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync();
        var retries = Path.Combine(disk.Outside, "retries.hocon");
        await File.WriteAllTextAsync(retries, "mlcluster.ml.load-retry-delays = [100ms]");

        // -1: nobody looks whether there is room, as where it is lost to others in the middle.
        await using var node = await disk.StartNodeAsync("-1", "--config", retries);
        var client = new MlClient(node.Http);
        var served = await client.UploadByChunksAsync(_archive, Config);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(served))["state"]);
        var big = await client.UploadByChunksAsync(Padded(_archive, 6_000_000), Config);
        var filler = await disk.FillAsync(leaveBytes: 3_000_000);

        var task = await client.DeployAsync(big);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains("No space left on device", task["error"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(disk.Path, "models", "tmp")));
        GoldenAnswer.Tiny()[0].AssertEqual((await client.EmbedAsync(served, GoldenAnswer.Tiny()[0].Text))[0]);

        File.Delete(filler);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(big))["state"]);
        GoldenAnswer.Tiny()[0].AssertEqual((await client.EmbedAsync(big, GoldenAnswer.Tiny()[0].Text))[0]);
    }

    // Noise, or it would be packed to nothing.
    private static byte[] Padded(byte[] archive, int bytes)
    {
        using var copy = new MemoryStream();
        copy.Write(archive);
        using (var zip = new ZipArchive(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var padding = zip.CreateEntry("padding.bin", CompressionLevel.NoCompression).Open();
            padding.Write(RandomNumberGenerator.GetBytes(bytes));
        }

        return copy.ToArray();
    }

    private static void AssertRefused(HttpStatusCode status, JsonNode body)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal("circuit_breaking_exception", (string?)body["error"]!["type"]);
        Assert.StartsWith("Disk Circuit Breaker is open", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains("disk_free_space_threshold", (string)body["error"]!["reason"]!, StringComparison.Ordinal);
    }

    private static long ChunkBytes(string dataFolder)
    {
        var file = Path.Combine(dataFolder, "chunks.db");
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(sum(length(message)), 0) FROM model_chunk";
        return (long)command.ExecuteScalar()!;
    }
}
