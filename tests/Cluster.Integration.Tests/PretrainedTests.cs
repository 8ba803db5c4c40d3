using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Pretrained models by their name on a real node, from a folder and from a web server.</summary>
public sealed class PretrainedTests
{
    private const string Ml = "/_plugins/_ml";
    private const string Name = "huggingface/tests/tiny";
    private const string Folder = Name + "/1.0.1/torch_script";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Register_ByName_ServesTheModel(bool overHttp)
    {
        using var repository = new TemporaryFolder();
        var archive = await FillAsync(repository.Path);
        await using var server = overHttp ? await FolderServer.StartAsync(repository.Path) : null;
        using var data = new TemporaryFolder();
        await using var node = await StartAsync(data.Path, server?.Address ?? repository.Path);
        var client = new MlClient(node.Http);

        var registered = await RegisterAsync(client, Name, "1.0.1", "TORCH_SCRIPT");

        Assert.True((string?)registered["state"] == "COMPLETED", registered.ToJsonString());
        var model = (string)registered["model_id"]!;
        var document = await client.OkAsync("GET", $"{Ml}/models/{model}");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(archive)), (string?)document["model_content_hash_value"]);
        Assert.Equal("SENTENCE_TRANSFORMERS", (string?)document["model_config"]!["framework_type"]);
        Assert.Equal("a tiny one", (string?)document["description"]);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(model))["state"]);
        var golden = GoldenAnswer.Tiny()[0];
        golden.AssertEqual((await client.EmbedAsync(model, golden.Text))[0]);

        foreach (var (name, version, format) in (IEnumerable<(string, string, string)>)
            [(Name, "9.9.9", "TORCH_SCRIPT"), ("huggingface/none", "1.0.1", "TORCH_SCRIPT"), (Name, "1.0.1", "ONNX")])
        {
            var unknown = await RegisterAsync(client, name, version, format);
            Assert.Equal("FAILED", (string?)unknown["state"]);
            Assert.StartsWith(
                "This model is not in the pre-trained model list, please check your parameters.",
                (string?)unknown["error"],
                StringComparison.Ordinal);
        }

        await FillAsync(repository.Path, sha256: new string('0', 64));
        var changed = await RegisterAsync(client, Name, "1.0.1", "TORCH_SCRIPT");
        Assert.StartsWith("model content changed", (string?)changed["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_ByNameWithoutARepository_Is400AndSaysWhatToSet()
    {
        using var data = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(data.Path);

        var (status, body) = await new MlClient(node.Http).SendAsync(
            "POST", $"{Ml}/models/_register", Body(Name, "1.0.1", "TORCH_SCRIPT"));

        Assert.Equal(400, (int)status);
        Assert.Equal("illegal_argument_exception", (string?)body["error"]!["type"]);
        Assert.Contains("mlcluster.models.repository", (string?)body["error"]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RepositoryThatIsNone_EndsWithTheKey()
    {
        using var data = new TemporaryFolder();
        await using var node = NodeProcess.Launch(data.Path, "--config", await WriteAsync(data.Path, "ftp://models"));

        Assert.Equal(2, await node.ExitAsync());
        Assert.Contains("mlcluster.models.repository [ftp://models]: give a folder", node.Output, StringComparison.Ordinal);
    }

    private static async Task<NodeProcess> StartAsync(string data, string repository) =>
        await NodeProcess.StartAsync(data, "--config", await WriteAsync(data, repository));

    private static async Task<string> WriteAsync(string data, string repository)
    {
        var config = Path.Combine(data, "repository.hocon");
        await File.WriteAllTextAsync(config, $"mlcluster.models.repository = \"{repository}\"\n");
        return config;
    }

    private static string Body(string name, string version, string format) =>
        $$"""{"name":"{{name}}","version":"{{version}}","model_format":"{{format}}"}""";

    private static async Task<JsonNode> RegisterAsync(MlClient client, string name, string version, string format)
    {
        var started = await client.OkAsync("POST", $"{Ml}/models/_register", Body(name, version, format));
        return await client.FinishedTaskAsync((string)started["task_id"]!);
    }

    /// <summary>Lays a repository out; gives the archive.</summary>
    private static async Task<byte[]> FillAsync(string root, string? sha256 = null)
    {
        var archive = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        Directory.CreateDirectory(Path.Combine(root, Folder));
        await File.WriteAllBytesAsync(Path.Combine(root, Folder, "tests_tiny-1.0.1-torch_script.zip"), archive);
        await File.WriteAllTextAsync(
            Path.Combine(root, "pre_trained_models_list.json"),
            """{"tests/tiny":{"version":"1.0.1","description":"a tiny one","torch_script":{}}}""");
        await File.WriteAllTextAsync(
            Path.Combine(root, Folder, "config.json"),
            $$"""
            {"name":"tests/tiny","version":"1.0.1","description":"a tiny one","model_task_type":"TEXT_EMBEDDING",
             "model_format":"TORCH_SCRIPT","model_content_size_in_bytes":{{archive.Length}},
             "model_content_hash_value":"{{sha256 ?? Convert.ToHexStringLower(SHA256.HashData(archive))}}",
             "model_config":{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"} }
            """);
        return archive;
    }
}
