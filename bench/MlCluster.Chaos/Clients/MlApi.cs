using System.Text;
using System.Text.Json.Nodes;

namespace MlCluster.Chaos.Clients;

/// <summary>A task's document.</summary>
/// <param name="Workers">Names of nodes.</param>
internal sealed record TaskSeen(string State, string? ModelId, IReadOnlyList<string> Workers, string Error);

/// <summary>The requests of the REST API as they are written on the wire.</summary>
/// <param name="rest">Sends them.</param>
/// <param name="nodes">Names and ids of the nodes.</param>
internal sealed class MlApi(RestClient rest, NodeNames nodes)
{
    private const string Root = "/_plugins/_ml";

    // Above the cluster's own budget for a control request, and above the time in which it sees that a node is gone.
    private static readonly TimeSpan ControlTimeout = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan PredictTimeout = TimeSpan.FromSeconds(30);

    public Task<RestReply> RegisterMetaAsync(ArchiveKind archive, int totalChunks) =>
        ControlAsync("POST", "/models/_register_meta", new JsonObject
        {
            ["name"] = archive.Name,
            ["version"] = "1",
            ["model_format"] = "TORCH_SCRIPT",
            ["model_config"] = JsonNode.Parse(archive.Config),
            ["model_content_size_in_bytes"] = archive.Bytes.Length,
            ["model_content_hash_value"] = archive.Hash,
            ["total_chunks"] = totalChunks,
        });

    public Task<RestReply> ChunkAsync(string model, int number, byte[] bytes) =>
        rest.SendAsync(new RestRequest("POST", $"{Root}/models/{model}/upload_chunk/{number}", bytes, ControlTimeout));

    public Task<RestReply> RegisterUrlAsync(ArchiveKind archive, Uri url) =>
        ControlAsync("POST", "/models/_register", new JsonObject
        {
            ["name"] = archive.Name,
            ["version"] = "1",
            ["model_format"] = "TORCH_SCRIPT",
            ["model_config"] = JsonNode.Parse(archive.Config),
            ["model_content_hash_value"] = archive.Hash,
            ["url"] = url.ToString(),
        });

    /// <param name="model">Its id.</param>
    /// <param name="names">Of nodes; empty: all.</param>
    public Task<RestReply> DeployAsync(string model, IReadOnlyCollection<string> names) =>
        ControlAsync("POST", $"/models/{model}/_deploy", Named(names));

    /// <param name="model">Its id.</param>
    /// <param name="names">Of nodes; empty: all.</param>
    public Task<RestReply> UndeployAsync(string model, IReadOnlyCollection<string> names) =>
        ControlAsync("POST", $"/models/{model}/_undeploy", Named(names));

    public Task<RestReply> DeleteAsync(string model) => ControlAsync("DELETE", $"/models/{model}", null);

    public Task<RestReply> ModelAsync(string model) => ControlAsync("GET", $"/models/{model}", null);

    public Task<RestReply> TaskAsync(string task) => ControlAsync("GET", $"/tasks/{task}", null);

    public Task<RestReply> PredictAsync(string model, IEnumerable<string> texts)
    {
        var body = new JsonObject
        {
            ["text_docs"] = new JsonArray([.. texts.Select(t => (JsonNode)t)]),
            ["target_response"] = new JsonArray("sentence_embedding"),
        };
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        return rest.SendAsync(new RestRequest("POST", $"{Root}/models/{model}/_predict", bytes, PredictTimeout));
    }

    /// <summary>Reads a task's document.</summary>
    public TaskSeen Task(RestReply reply)
    {
        var task = JsonNode.Parse(reply.Text)!;
        var workers = (task["worker_node"] as JsonArray ?? []).Select(w => nodes.NameOf((string)w!));
        return new TaskSeen((string)task["state"]!, (string?)task["model_id"], [.. workers], (string?)task["error"] ?? "");
    }

    /// <summary>Reads a model's document.</summary>
    public Verdicts.ModelSeen Model(RestReply reply)
    {
        var model = JsonNode.Parse(reply.Text)!;
        var planned = (model["planning_worker_nodes"] as JsonArray ?? []).Select(w => nodes.NameOf((string)w!));
        return new Verdicts.ModelSeen(
            (string)model["model_state"]!,
            (string?)model["model_content_hash_value"],
            [.. planned],
            (int?)model["current_worker_node_count"] ?? 0,
            (bool?)model["deploy_to_all_nodes"] ?? false);
    }

    /// <summary>Reads a prediction: a vector a document.</summary>
    public static IReadOnlyList<float[]> Vectors(RestReply reply) =>
    [
        .. JsonNode.Parse(reply.Text)!["inference_results"]!.AsArray().Select(r =>
            r!["output"]![0]!["data"]!.AsArray().Select(v => (float)v!).ToArray()),
    ];

    private JsonObject? Named(IReadOnlyCollection<string> names) => names.Count == 0
        ? null
        : new JsonObject { ["node_ids"] = new JsonArray([.. names.Select(n => (JsonNode)nodes.IdOf(n))]) };

    private Task<RestReply> ControlAsync(string method, string path, JsonObject? body) =>
        rest.SendAsync(new RestRequest(
            method, Root + path, body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()), ControlTimeout));
}
