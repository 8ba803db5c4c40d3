using System.IO.Compression;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support.Onnx;
using MlCluster.Tests.Support.Zip;

namespace MlCluster.Integration.Tests;

/// <summary>ONNX archives through REST on a real node, good and hostile ones.</summary>
[Collection(SharedNode.Collection)]
public sealed class OnnxTests(SharedNode shared)
{
    private const string Ml = "/_plugins/_ml";
    private const string MeanNormalized =
        """
        {"model_type":"bert","embedding_dimension":32,"framework_type":"sentence_transformers",
         "pooling_mode":"mean","normalize_result":true}
        """;

    [SkippableFact]
    public async Task Predict_RealArchive_MeetsEveryGoldenVectorAloneAndTogether()
    {
        var models = Path.Combine(Repository.Shared(), "models");
        var model = await DeployedAsync(
            await File.ReadAllBytesAsync(Path.Combine(models, "tiny-embedding_onnx.zip")), MeanNormalized);
        var golden = Golden(Path.Combine(models, "golden-functions.jsonl"));

        Assert.NotEmpty(golden);
        foreach (var (expected, actual) in golden.Zip(
            await shared.Client.EmbedAsync(model, [.. golden.Select(g => g.Text)])))
        {
            expected.AssertEqual(actual);
        }

        golden[0].AssertEqual((await shared.Client.EmbedAsync(model, golden[0].Text))[0]);
        var answer = await shared.Client.OkAsync(
            "POST", $"{Ml}/models/{model}/_predict", """{"text_docs":["it rains"]}""");
        var output = Assert.Single(answer["inference_results"]![0]!["output"]!.AsArray())!;
        Assert.Equal(
            ("sentence_embedding", "FLOAT32", "[32]"),
            ((string?)output["name"], (string?)output["data_type"], output["shape"]!.ToJsonString()));
        var profile = (await shared.Client.OkAsync("GET", $"{Ml}/profile/models/{model}")).ToJsonString();
        Assert.Contains("\"predictor\":\"ONNX on cpu, batching padded\"", profile, StringComparison.Ordinal);
        Assert.Equal("ONNX", (string?)(await shared.Client.OkAsync("GET", $"{Ml}/models/{model}"))["model_format"]);
        await shared.Client.OkAsync("POST", $"{Ml}/models/{model}/_undeploy");
        var gone = await shared.Client.SendAsync(
            "POST", $"{Ml}/models/{model}/_predict", """{"text_docs":["it rains"]}""");
        Assert.Equal(400, (int)gone.Status);
    }

    [Fact]
    public async Task Deploy_GraphWithoutEnd_FailsItsRehearsalAndTheNodeLives()
    {
        var task = await DeployAsync(Archive(OnnxModels.NeverReturns()), Config(8));

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains("it ran longer than 20 s", (string?)task["error"], StringComparison.Ordinal);
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task Deploy_GraphThatTakesOtherInputs_FailsWithTheirNames()
    {
        var graph = new OnnxForge().Input("input_ids", OnnxForge.Int64, "b", "l")
            .Input("pixel_values", OnnxForge.Int64, "b", "l")
            .Node("Add", ["input_ids", "pixel_values"], ["y"]).Output("y", OnnxForge.Int64, "b", "l");

        var task = await DeployAsync(Archive(graph), Config(8));

        Assert.Contains("the graph takes pixel_values", (string?)task["error"], StringComparison.Ordinal);
        await shared.AssertAliveAsync();
    }

    [Theory]
    [InlineData("custom", "it uses the operator odd.ops::Odd, which ONNX Runtime does not bring along")]
    [InlineData("external", "it keeps tensors in other files, which are not read")]
    [InlineData("torch", "Model format is ONNX, but find .pt file")]
    public async Task Register_ArchiveThatIsNotServed_FailsWithTheCause(string kind, string cause)
    {
        var archive = kind switch
        {
            "custom" => Archive(OnnxModels.CustomOperator()),
            "external" => Archive(OnnxModels.ExternalData("/etc/passwd")),
            _ => await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-huggingface.zip")),
        };

        var task = await RegisterAsync(archive, Config(4));

        Assert.Equal("FAILED", (string?)task["state"]);
        Assert.Contains(cause, (string?)task["error"], StringComparison.Ordinal);
    }

    private static List<GoldenAnswer> Golden(string file) =>
    [
        .. File.ReadLines(file).Select(l => JsonNode.Parse(l)!)
            .Where(n => n["archive"]!.ToJsonString().Contains("tiny-embedding_onnx", StringComparison.Ordinal))
            .Select(n => new GoldenAnswer(
                (string)n["text"]!, [.. n["normalized_mean"]!.AsArray().Select(v => (float)v!)])),
    ];

    private static string Config(int dimension) =>
        $$"""{"model_type":"bert","embedding_dimension":{{dimension}},"framework_type":"huggingface_transformers"}""";

    /// <summary>A graph with the tokenizer of the tiny archives.</summary>
    private static byte[] Archive(OnnxForge graph)
    {
        using var tiny = ZipFile.OpenRead(Repository.TinyArchive("tiny-huggingface.zip"));
        using var tokenizer = new StreamReader(tiny.GetEntry("tokenizer.json")!.Open());
        return new ZipForge().Add("model.onnx", graph.Build()).Add("tokenizer.json", tokenizer.ReadToEnd()).Build();
    }

    private async Task<string> DeployedAsync(byte[] archive, string config)
    {
        var registered = await RegisterAsync(archive, config);
        Assert.True((string?)registered["state"] == "COMPLETED", registered.ToJsonString());
        var model = (string)registered["model_id"]!;
        var deployed = await shared.Client.DeployAsync(model);
        Assert.True((string?)deployed["state"] == "COMPLETED", deployed.ToJsonString());
        return model;
    }

    private async Task<JsonNode> DeployAsync(byte[] archive, string config)
    {
        var registered = await RegisterAsync(archive, config);
        Assert.True((string?)registered["state"] == "COMPLETED", registered.ToJsonString());
        return await shared.Client.DeployAsync((string)registered["model_id"]!);
    }

    private async Task<JsonNode> RegisterAsync(byte[] archive, string config)
    {
        var file = Path.Combine(shared.Files, $"{Guid.NewGuid():N}.zip");
        await File.WriteAllBytesAsync(file, archive);
        var started = await shared.Client.OkAsync(
            "POST",
            $"{Ml}/models/_register",
            $$"""{"name":"m","version":"1","model_format":"onnx","model_config":{{config}},"url":"file://{{file}}"}""");
        return await shared.Client.FinishedTaskAsync((string)started["task_id"]!);
    }
}
