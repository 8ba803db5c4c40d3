using System.Net;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The real all-MiniLM-L6-v2, both ways it is exported, through REST: every golden vector, alone and in one batch.</summary>
public sealed class RealModelTests
{
    private const string SentenceTransformer =
        """{"model_type":"bert","embedding_dimension":384,"framework_type":"sentence_transformers"}""";

    private const string Huggingface =
        """
        {"model_type":"bert","embedding_dimension":384,"framework_type":"huggingface_transformers",
         "pooling_mode":"mean","normalize_result":true}
        """;

    [SkippableTheory]
    [InlineData("all-MiniLM-L6-v2_torchscript_sentence-transformer.zip", SentenceTransformer, "vector")]
    [InlineData("all-MiniLM-L6-v2_torchscript_huggingface.zip", Huggingface, "vector_huggingface")]
    public async Task Predict_GoldenTexts_AreMetAloneAndInABatch(string archive, string config, string member)
    {
        var models = Path.Combine(Repository.Shared(), "models");
        using var data = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(data.Path, "--allow-files", models);
        var client = new MlClient(node.Http);
        var registered = await client.RegisterAsync($"file://{models}/{archive}", config);
        Assert.True((string?)registered["state"] == "COMPLETED", registered.ToJsonString());
        var modelId = (string)registered["model_id"]!;
        var deployed = await client.DeployAsync(modelId);
        Assert.True((string?)deployed["state"] == "COMPLETED", deployed.ToJsonString());
        var golden = GoldenAnswer.Read(Path.Combine(models, "golden.jsonl"), member);

        var batch = await client.EmbedAsync(modelId, [.. golden.Select(g => g.Text)]);
        foreach (var (expected, actual) in golden.Zip(batch))
        {
            expected.AssertEqual(actual);
        }

        foreach (var one in golden)
        {
            one.AssertEqual((await client.EmbedAsync(modelId, one.Text))[0]);
        }

        Assert.Equal(
            HttpStatusCode.OK, (await client.SendAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy")).Status);
    }
}
