using System.Text.Json.Nodes;

namespace MlCluster.Integration.Tests.Support;

/// <summary>What an operator asks of one gateway: who is there, and which model is where.</summary>
public sealed class ClusterOperator(MlClient client)
{
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    /// <summary>The archive that it uploads.</summary>
    public static byte[] Archive { get; } = File.ReadAllBytes(Repository.TinyArchive("tiny-sentence-transformer.zip"));

    /// <summary>Configuration of <see cref="Archive"/>.</summary>
    public static string Config => TinyConfig;

    /// <summary>For requests that have no method here.</summary>
    public MlClient Client => client;

    /// <summary>Ids of nodes by their names, which are the replicas'.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NodesAsync()
    {
        var rows = await client.OkAsync("GET", "/_cat/nodes?h=id,name&full_id=true&format=json");
        return rows.AsArray().ToDictionary(row => (string)row!["name"]!, row => (string)row!["id"]!);
    }

    /// <summary>Name of the node that hosts the DeploymentSupervisor.</summary>
    public async Task<string?> SupervisorAsync()
    {
        var rows = await client.OkAsync("GET", "/_cat/nodes?h=name,cluster_manager&format=json");
        return rows.AsArray().Where(r => (string?)r!["cluster_manager"] == "*").Select(r => (string?)r!["name"])
            .SingleOrDefault();
    }

    /// <summary>Uploads the archive by chunks; gives the model's id.</summary>
    public Task<string> UploadAsync() => client.UploadByChunksAsync(Archive, TinyConfig);

    /// <summary>Deploys on the nodes of these names, or on all where none is named; the task must complete.</summary>
    public async Task DeployAsync(string modelId, params string[] nodes)
    {
        var ids = await NodesAsync();
        var body = nodes.Length == 0 ? null : NodeIds(nodes.Select(n => ids[n]));
        var answer = await client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_deploy", body);
        var task = await client.FinishedTaskAsync((string)answer["task_id"]!);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
    }

    /// <summary>Undeploys everywhere and deletes.</summary>
    public async Task RemoveAsync(string modelId)
    {
        await client.OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_undeploy");
        await client.OkAsync("DELETE", $"/_plugins/_ml/models/{modelId}");
    }

    /// <summary>The model's <c>model_state</c>.</summary>
    public async Task<string?> StateAsync(string modelId) =>
        (string?)(await client.OkAsync("GET", $"/_plugins/_ml/models/{modelId}"))["model_state"];

    /// <summary>Names of the nodes that say that they serve the model.</summary>
    public async Task<IReadOnlyList<string>> ServingAsync(string modelId)
    {
        var names = (await NodesAsync()).ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);
        var profile = await client.OkAsync("GET", $"/_plugins/_ml/profile/models/{modelId}");
        return
        [
            .. (profile["nodes"] as JsonObject ?? [])
                .Where(n => (string?)n.Value?["models"]?[modelId]?["stage"] == "serving")
                .Select(n => names.GetValueOrDefault(n.Key, n.Key)).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Waits until the model is in this state and served by exactly these nodes.</summary>
    public async Task AwaitAsync(string modelId, string state, params string[] nodes)
    {
        var seen = "";
        await MlClient.UntilAsync(
            async () =>
            {
                var (now, serving) = (await StateAsync(modelId), await ServingAsync(modelId));
                seen = $"{now} on [{string.Join(' ', serving)}]";
                return now == state && serving.SequenceEqual(nodes.Order(StringComparer.Ordinal));
            },
            () => $"model {modelId} is {state} on [{string.Join(' ', nodes)}]; it is {seen}");
    }

    /// <summary>Waits until exactly these nodes are in the cluster.</summary>
    public async Task AwaitNodesAsync(IEnumerable<string> names)
    {
        var wanted = names.Order(StringComparer.Ordinal).ToArray();
        IEnumerable<string> seen = [];
        await MlClient.UntilAsync(
            async () => (seen = (await NodesAsync()).Keys.Order(StringComparer.Ordinal)).SequenceEqual(wanted),
            () => $"the nodes are [{string.Join(' ', wanted)}]; they are [{string.Join(' ', seen)}]");
    }

    /// <summary>A body that names nodes.</summary>
    public static string NodeIds(IEnumerable<string> ids) =>
        new JsonObject { ["node_ids"] = new JsonArray([.. ids.Select(i => (JsonNode)i)]) }.ToJsonString();
}
