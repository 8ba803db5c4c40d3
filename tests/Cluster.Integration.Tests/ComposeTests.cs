using System.Text.Json.Nodes;
using MlCluster.Compose;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>What an operator gets from <c>docker-compose.yml</c> as it stands.</summary>
/// <remarks>Among the tests on PostgreSQL: clusters run one after another, they need the cores.</remarks>
[Collection(PostgresFixture.Collection)]
public sealed class ComposeTests
{
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private readonly byte[] _archive = File.ReadAllBytes(Repository.TinyArchive("tiny-sentence-transformer.zip"));

    [SkippableFact]
    public async Task Up_AllServices_ServeModelsEverywhereAndOnNamedNodesAndStopInOrder()
    {
        await using var cluster = await ComposeCluster.StartAsync();
        var client = cluster["gateway-1"];

        var ids = await NodesAsync(client);
        Assert.Equal(["data-1", "data-2", "data-3", "gateway-1", "ml-1", "ml-2"], ids.Keys.Order());
        var everywhere = await client.UploadByChunksAsync(_archive, TinyConfig);
        await DeployAsync(client, everywhere, "", [ids["ml-1"], ids["ml-2"]]);
        var named = await client.UploadByChunksAsync(_archive, TinyConfig);
        await DeployAsync(client, named, $$"""{"node_ids":["{{ids["ml-2"]}}"]}""", [ids["ml-2"]]);

        foreach (var golden in GoldenAnswer.Tiny())
        {
            golden.AssertEqual((await client.EmbedAsync(everywhere, golden.Text))[0]);
            golden.AssertEqual((await client.EmbedAsync(named, golden.Text))[0]);
        }

        await cluster.Project.StopAsync();

        Assert.All(cluster.Project.Replicas, replica =>
            Assert.Equal(new ReplicaStatus(null, ReplicaHealth.Down, Starts: 1, LastExitCode: 0), replica.Status));
    }

    // Ids by the names that the runner gives, which are the replicas'.
    private static async Task<Dictionary<string, string>> NodesAsync(MlClient client)
    {
        var rows = await client.OkAsync("GET", "/_cat/nodes?h=id,name,node.roles&full_id=true&format=json");
        Assert.All(rows.AsArray(), row =>
            Assert.StartsWith(((string)row!["node.roles"]!).Trim('-'), (string)row["name"]!, StringComparison.Ordinal));
        return rows.AsArray().ToDictionary(row => (string)row!["name"]!, row => (string)row!["id"]!);
    }

    private static async Task DeployAsync(MlClient client, string modelId, string body, string[] expected)
    {
        var answer = await client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_deploy", body);
        var task = await client.FinishedTaskAsync((string)answer["task_id"]!);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());

        var profile = await client.OkAsync("GET", $"/_plugins/_ml/profile/models/{modelId}");
        var nodes = (profile["nodes"] as JsonObject ?? []).Select(n => n.Key);
        Assert.Equal(expected.Order(), nodes.Order());
    }
}
