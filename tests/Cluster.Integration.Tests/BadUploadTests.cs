using System.IO.Compression;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support.Zip;

namespace MlCluster.Integration.Tests;

/// <summary>Uploads that bring no archive: a task FAILED with the cause, and the node lives on.</summary>
[Collection(SharedNode.Collection)]
public sealed class BadUploadTests(SharedNode shared)
{
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

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
    [InlineData("silent.zip", "no byte came for 1 seconds, after")]
    [InlineData("none.zip", "the server answered 404")]
    public async Task Register_BrokenDownload_FailsWithTheCause(string path, string cause)
    {
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));

        var task = await shared.Client.RegisterAsync($"{files.Address}{path}", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(cause, (string)task["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_DownloadIsCut_FailsAndSaysAfterHowMuch()
    {
        var file = Repository.TinyArchive("tiny-sentence-transformer.zip");
        await using var files = await FileServer.StartAsync(file);

        var task = await shared.Client.RegisterAsync($"{files.CuttingAddress}a.zip", Config);

        var bytes = new FileInfo(file).Length;
        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(
            $"the connection was cut after {bytes / 2} of {bytes} bytes",
            (string)task["error"]!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Find multiple model files, but expected only one", "a.pt", "b.pt", "tokenizer.json")]
    [InlineData("Can't find model file", "tokenizer.json")]
    [InlineData("No tokenizer file", "a.pt")]
    public async Task Register_ArchiveWithoutItsTwoFiles_FailsWithTheContractsText(
        string cause, params string[] members)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a.zip");
        await using (var zip = await ZipFile.OpenAsync(file, ZipArchiveMode.Create))
        {
            foreach (var member in members)
            {
                zip.CreateEntry(member);
            }
        }

        await using var files = await FileServer.StartAsync(file);

        var task = await shared.Client.RegisterAsync($"{files.Address}whole.zip", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(cause, (string)task["error"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path traversal", "Model archive has a member that leaves the archive: ../model2.txt")]
    [InlineData("bomb", "Model archive looks like a zip bomb: big.bin unpacks from ")]
    [InlineData("overlapping members", "Model archive has overlapping members")]
    [InlineData("lie about a size", "Model archive has a directory that lies: a.bin does not have the")]
    [InlineData("symbolic link", "Model archive contains a symbolic link: weights.bin")]
    [InlineData("executable member", "Model archive contains a disallowed executable file: native/libx.so")]
    [InlineData("no tokenizer", "tokenizer.json is not a tokenizer: ")]
    public async Task Register_HostileZip_FailsWithTheCauseAndTheNodeLives(string kind, string cause)
    {
        var file = Path.Combine(shared.Files, $"{Guid.NewGuid():N}.zip");
        await File.WriteAllBytesAsync(file, Forge(kind).Build());

        var task = await shared.Client.RegisterAsync($"file://{file}", Config);

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.StartsWith(cause, (string)task["error"]!, StringComparison.Ordinal);
        await shared.AssertAliveAsync();
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

    private static ZipForge Forge(string kind) => kind switch
    {
        "path traversal" => ZipForge.Good().Add("../model2.txt", "x"),
        "bomb" => ZipForge.Good().Add("big.bin", new byte[20_000_000]),
        "overlapping members" => ZipForge.Good().Add("copy.bin", "x").Edit(member => member with { Offset = 0 }),
        "lie about a size" => ZipForge.Good().Add("a.bin", "ten bytes.").Edit(member => member with { Size = 6 }),
        "symbolic link" => ZipForge.Good().Add("weights.bin", "/etc/passwd")
            .Edit(member => member with { Mode = 0xA1FF }),
        "executable member" => ZipForge.Good().Add("native/libx.so", "x"),
        "no tokenizer" => new ZipForge().Add("model.pt", "x").Add("tokenizer.json", "[1]"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
