using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A client's own id for a model, used again.</summary>
[Collection(SharedNode.Collection)]
public sealed class ModelIdReuseTests(SharedNode shared)
{
    private const string Id = "used-again";

    private const string Config =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [Fact]
    public async Task Register_AfterAFailureAndAfterADelete_ServesUnderTheSameId()
    {
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));

        // Each follows at once on the end of the one before.
        Assert.Equal("FAILED", (string?)(await RegisterAsync($"{files.Address}none.zip", "typo"))["state"]);
        await AssertServesAsync($"{files.Address}whole.zip", "first");
        var deleted = await shared.Client.SendAsync("DELETE", $"/_plugins/_ml/models/{Id}");
        Assert.Equal(HttpStatusCode.OK, deleted.Status);
        await AssertServesAsync($"{files.Address}whole.zip", "second");

        var taken = await shared.Client.SendAsync(
            "POST", "/_plugins/_ml/models/_register", Body($"{files.Address}whole.zip", "third"));
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
    }

    private async Task AssertServesAsync(string url, string name)
    {
        var registered = await RegisterAsync(url, name);
        Assert.Equal(("COMPLETED", Id), ((string?)registered["state"], (string?)registered["model_id"]));
        Assert.Equal("COMPLETED", (string?)(await shared.Client.DeployAsync(Id))["state"]);
        foreach (var golden in GoldenAnswer.Tiny())
        {
            golden.AssertEqual((await shared.Client.EmbedAsync(Id, golden.Text))[0]);
        }

        var model = await shared.Client.OkAsync("GET", $"/_plugins/_ml/models/{Id}");
        Assert.Equal((name, "DEPLOYED"), ((string?)model["name"], (string?)model["model_state"]));
        await shared.Client.OkAsync("POST", $"/_plugins/_ml/models/{Id}/_undeploy");
    }

    private async Task<JsonNode> RegisterAsync(string url, string name)
    {
        var answer = await shared.Client.OkAsync("POST", "/_plugins/_ml/models/_register", Body(url, name));
        return await shared.Client.FinishedTaskAsync((string)answer["task_id"]!);
    }

    private static string Body(string url, string name)
    {
        var body = JsonNode.Parse(MlClient.RegisterBody(url, Config))!.AsObject();
        (body["model_id"], body["name"]) = (Id, name);
        return body.ToJsonString();
    }
}
