using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A model's interface and its time to live, through REST on a real node.</summary>
[Collection(SharedNode.Collection)]
public sealed class InterfaceTests(SharedNode shared)
{
    private const string Models = "/_plugins/_ml/models";
    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [Fact]
    public async Task Model_WithInterfaceAndTimeToLive_IsHeldToBoth()
    {
        var model = await RegisteredAsync("""{"input":{"properties":{"text_docs":{"maxItems":1}}}}""");
        await shared.Client.DeployAsync(model);
        await shared.Client.EmbedAsync(model, "a");
        await AssertRefusedAsync(model, "input");

        await ChangeAsync(model, """{"interface":{"input":true,"output":{"required":["nothing"]}}}""");
        await AssertRefusedAsync(model, "output");
        await ChangeAsync(model, """{"interface":{"output":"true"}}""");
        await shared.Client.EmbedAsync(model, "a", "b");

        await ChangeAsync(model, """{"deploy_setting":{"model_ttl_minutes":0}}""");
        var state = "";
        await MlClient.UntilAsync(
            async () => (state = (string)(await DocumentAsync(model))["model_state"]!) == "UNDEPLOYED",
            () => $"model {model} is undeployed when nobody uses it, it is {state}");

        var document = await DocumentAsync(model);
        Assert.Equal("""{"model_ttl_minutes":0}""", document["deploy_setting"]!.ToJsonString());
        Assert.Equal("""{"input":"true","output":"true"}""", document["interface"]!.ToJsonString());
    }

    private async Task<string> RegisteredAsync(string schemas)
    {
        var url = $"file://{Repository.TinyArchive("tiny-sentence-transformer.zip")}";
        var body = JsonNode.Parse(MlClient.RegisterBody(url, Config))!;
        body["interface"] = JsonNode.Parse(schemas);
        var answer = await shared.Client.OkAsync("POST", $"{Models}/_register", body.ToJsonString());
        return (string)(await shared.Client.FinishedTaskAsync((string)answer["task_id"]!))["model_id"]!;
    }

    private async Task ChangeAsync(string model, string change) =>
        Assert.Equal("updated", (string?)(await shared.Client.OkAsync("PUT", $"{Models}/{model}", change))["result"]);

    private Task<JsonNode> DocumentAsync(string model) => shared.Client.OkAsync("GET", $"{Models}/{model}");

    private async Task AssertRefusedAsync(string model, string side)
    {
        var (status, body) = await shared.Client.SendAsync(
            "POST", $"{Models}/{model}/_predict", """{"text_docs":["a","b"]}""");

        Assert.Equal(400, (int)status);
        Assert.StartsWith(
            $"Error validating {side} schema: ", (string?)body["error"]!["reason"], StringComparison.Ordinal);
    }
}
