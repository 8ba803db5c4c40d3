using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MlCluster.Load.Node;

/// <summary>The requests around the measured ones: upload, load, unload, delete.</summary>
internal sealed class MlClient(Uri node) : IDisposable
{
    public const int ChunkBytes = 10_000_000;

    private static readonly TimeSpan TaskDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http = new() { BaseAddress = node, Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Uploads an archive from this machine's disk by URL; gives the model's id.</summary>
    public async Task<string> RegisterFromFileAsync(string archive, ModelShape shape)
    {
        var body = shape.Describe();
        body["url"] = new Uri(archive).AbsoluteUri;
        var task = await FinishAsync(await PostAsync("models/_register", body));
        return (string)task["model_id"]!;
    }

    /// <summary>Uploads an archive in chunks; gives the model's id.</summary>
    public async Task<string> RegisterByChunksAsync(string archive, ModelShape shape)
    {
        var length = new FileInfo(archive).Length;
        var body = shape.Describe();
        body["model_content_size_in_bytes"] = length;
        body["model_content_hash_value"] = await HashAsync(archive);
        body["total_chunks"] = (length + ChunkBytes - 1) / ChunkBytes;
        var id = (string)(await PostAsync("models/_register_meta", body))["model_id"]!;
        await using var file = File.OpenRead(archive);
        var chunk = new byte[ChunkBytes];
        for (var number = 0; number * (long)ChunkBytes < length; number++)
        {
            var read = await file.ReadAtLeastAsync(chunk, ChunkBytes, throwOnEndOfStream: false);
            using var content = new ByteArrayContent(chunk, 0, read);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            await SendAsync(HttpMethod.Post, $"models/{id}/upload_chunk/{number}", content);
        }

        await WaitUntilRegisteredAsync(id);
        return id;
    }

    /// <summary>Makes the document of a model whose content never comes; gives its id.</summary>
    public async Task<string> RegisterDocumentAsync(string name)
    {
        var body = ModelShape.MiniLm.Describe();
        body["name"] = name;
        body["model_content_hash_value"] = new string('0', 2 * SHA256.HashSizeInBytes);
        body["total_chunks"] = 1;
        return (string)(await PostAsync("models/_register_meta", body))["model_id"]!;
    }

    public Task RenameAsync(string modelId, string name) =>
        SendJsonAsync(HttpMethod.Put, $"models/{modelId}", new JsonObject { ["name"] = name });

    /// <summary>How many models a query finds.</summary>
    public async Task<int> CountAsync(JsonObject query)
    {
        var found = await PostAsync("models/_search", new JsonObject { ["query"] = query, ["size"] = 0 });
        return (int)found["hits"]!["total"]!["value"]!;
    }

    /// <summary>Loads a model and waits for the end of its task.</summary>
    public async Task DeployAsync(string modelId) => await FinishAsync(await RequestDeployAsync(modelId));

    /// <summary>Asks for a load and returns as soon as it is accepted.</summary>
    public Task<JsonNode> RequestDeployAsync(string modelId) => PostAsync($"models/{modelId}/_deploy", null);

    /// <summary>Loads a model on these nodes, beside those that have it, and waits for the end of the task.</summary>
    public async Task DeployAsync(string modelId, IEnumerable<string> nodeIds)
    {
        var body = new JsonObject { ["node_ids"] = new JsonArray([.. nodeIds.Select(n => (JsonNode)n)]) };
        await FinishAsync(await PostAsync($"models/{modelId}/_deploy", body));
    }

    /// <summary>Ids of all nodes by their names.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NodeIdsAsync()
    {
        var lines = await _http.GetStringAsync(new Uri("/_cat/nodes?h=name,id&full_id=true", UriKind.Relative));
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(c => c[0], c => c[1], StringComparer.Ordinal);
    }

    public Task UndeployAsync(string modelId) => PostAsync($"models/{modelId}/_undeploy", null);

    public Task DeleteAsync(string modelId) => SendAsync(HttpMethod.Delete, $"models/{modelId}", null);

    /// <summary>Waits for a task's end.</summary>
    /// <exception cref="LoadException">It failed.</exception>
    public async Task<JsonNode> FinishAsync(JsonNode accepted)
    {
        using var timer = new PeriodicTimer(Poll);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TaskDeadline;)
        {
            var task = await SendAsync(HttpMethod.Get, $"tasks/{accepted["task_id"]}", null);
            switch ((string?)task["state"])
            {
                case "COMPLETED":
                    return task;
                case "FAILED" or "COMPLETED_WITH_ERROR":
                    throw new LoadException($"a task failed: {task.ToJsonString()}");
                default:
                    await timer.WaitForNextTickAsync();
                    break;
            }
        }

        throw new LoadException($"the task {accepted["task_id"]} did not end within {TaskDeadline}");
    }

    public void Dispose() => _http.Dispose();

    private async Task WaitUntilRegisteredAsync(string modelId)
    {
        using var timer = new PeriodicTimer(Poll);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TaskDeadline;)
        {
            var model = await SendAsync(HttpMethod.Get, $"models/{modelId}", null);
            if ((string?)model["model_state"] == "REGISTERED")
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }

        throw new LoadException($"the model {modelId} was not registered within {TaskDeadline}");
    }

    private Task<JsonNode> PostAsync(string path, JsonNode? body) => SendJsonAsync(HttpMethod.Post, path, body);

    private Task<JsonNode> SendJsonAsync(HttpMethod method, string path, JsonNode? body) => SendAsync(
        method,
        path,
        body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, $"/_plugins/_ml/{path}") { Content = content };
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new LoadException($"{method} {path} → {(int)response.StatusCode} {text}");
    }

    private static async Task<string> HashAsync(string archive)
    {
        await using var file = File.OpenRead(archive);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }
}

/// <summary>What a registration says of the model.</summary>
/// <param name="Framework"><c>sentence_transformers</c> or <c>huggingface_transformers</c>.</param>
/// <param name="Dimension">Length of its vectors.</param>
internal sealed record ModelShape(string Framework, int Dimension)
{
    public static readonly ModelShape MiniLm = new("sentence_transformers", 384);

    public JsonObject Describe() => new()
    {
        ["name"] = "load-test",
        ["version"] = "1.0.0",
        ["model_format"] = "TORCH_SCRIPT",
        ["model_config"] = new JsonObject
        {
            ["model_type"] = "bert",
            ["embedding_dimension"] = Dimension,
            ["framework_type"] = Framework,
        },
    };
}
