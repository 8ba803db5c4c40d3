using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MlCluster.Integration.Tests.Support;

/// <summary>The requests of a client of the REST API, with waits that have deadlines.</summary>
public sealed class MlClient(HttpClient http)
{
    private const int ChunkBytes = 10_000_000;
    private static readonly TimeSpan TaskDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    /// <summary>Sends a request with a JSON body; gives status and body.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(string method, string path, string? json = null)
    {
        var (status, body, _) = await AnswerAsync(method, path, json);
        return (status, body);
    }

    /// <summary>Sends a request with a JSON body; gives status, body and <c>Retry-After</c>.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body, RetryConditionHeaderValue? RetryAfter)> AnswerAsync(
        string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var body = text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        return (response.StatusCode, body, response.Headers.RetryAfter);
    }

    /// <summary>Sends a request that must succeed.</summary>
    public async Task<JsonNode> OkAsync(string method, string path, string? json = null)
    {
        var (status, body) = await SendAsync(method, path, json);
        Assert.True(status == HttpStatusCode.OK, $"{method} {path} → {(int)status} {body.ToJsonString()}");
        return body;
    }

    /// <summary>Polls a task until it is finished.</summary>
    public async Task<JsonNode> FinishedTaskAsync(string taskId)
    {
        var last = new JsonObject() as JsonNode;
        await UntilAsync(
            async () =>
            {
                last = await OkAsync("GET", $"/_plugins/_ml/tasks/{taskId}");
                return (string?)last["state"] is "COMPLETED" or "COMPLETED_WITH_ERROR" or "FAILED";
            },
            () => $"task {taskId} is finished; it said {last.ToJsonString()}");
        return last;
    }

    /// <summary>Uploads an archive by meta and chunks; gives the model id.</summary>
    public async Task<string> UploadByChunksAsync(byte[] archive, string modelConfig)
    {
        var chunks = archive.Chunk(ChunkBytes).ToArray();
        var modelId = await RegisterMetaAsync(archive, chunks.Length, modelConfig);
        for (var n = 0; n < chunks.Length; n++)
        {
            var (status, body) = await UploadChunkAsync(modelId, n, chunks[n]);
            Assert.True(status == HttpStatusCode.OK, $"chunk {n} → {body.ToJsonString()}");
        }

        return modelId;
    }

    /// <summary>Makes the document of a chunked upload.</summary>
    public async Task<string> RegisterMetaAsync(byte[] archive, int totalChunks, string modelConfig)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(archive));
        var meta = await OkAsync(
            "POST",
            "/_plugins/_ml/models/meta",
            $$"""
            {"name":"m","version":"1.0.0","model_format":"TORCH_SCRIPT","model_config":{{modelConfig}},
             "model_content_size_in_bytes":{{archive.Length}},"model_content_hash_value":"{{hash}}",
             "total_chunks":{{totalChunks}}}
            """);
        return (string)meta["model_id"]!;
    }

    /// <summary>Sends one chunk as clients do: raw bytes labelled application/json.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> UploadChunkAsync(string modelId, int number, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync($"/_plugins/_ml/models/{modelId}/chunk/{number}", content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>The body of an upload by URL.</summary>
    public static string RegisterBody(string url, string modelConfig) =>
        $$"""
        {"name":"m","version":"1","model_format":"TORCH_SCRIPT","model_config":{{modelConfig}},"url":"{{url}}"}
        """;

    /// <summary>Uploads by URL and waits for the task's end.</summary>
    public async Task<JsonNode> RegisterAsync(string url, string modelConfig)
    {
        var answer = await OkAsync("POST", "/_plugins/_ml/models/_register", RegisterBody(url, modelConfig));
        return await FinishedTaskAsync((string)answer["task_id"]!);
    }

    /// <summary>Deploys and waits for the task's end.</summary>
    public async Task<JsonNode> DeployAsync(string modelId)
    {
        var answer = await OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_deploy");
        return await FinishedTaskAsync((string)answer["task_id"]!);
    }

    /// <summary>Embeds texts; gives their <c>sentence_embedding</c>s.</summary>
    public async Task<float[][]> EmbedAsync(string modelId, params string[] texts)
    {
        var body = new JsonObject
        {
            ["text_docs"] = new JsonArray([.. texts.Select(t => (JsonNode)t)]),
            ["target_response"] = new JsonArray("sentence_embedding"),
        };
        var answer = await OkAsync("POST", $"/_plugins/_ml/models/{modelId}/_predict", body.ToJsonString());
        return [.. answer["inference_results"]!.AsArray().Select(
            r => r!["output"]![0]!["data"]!.AsArray().Select(v => (float)v!).ToArray())];
    }

    /// <summary>Waits for a condition; the message says what was awaited.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> awaited)
    {
        using var timer = new PeriodicTimer(Poll);
        using var deadline = new CancellationTokenSource(TaskDeadline);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"awaited within {TaskDeadline}: {awaited()}");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until the model answers, as after a restart of its node.</summary>
    public Task UntilServesAsync(string modelId, Func<string> printed) => UntilAsync(
        async () => (await SendAsync(
            "POST", $"/_plugins/_ml/models/{modelId}/_predict", """{"text_docs":["today is sunny"]}""")).Status
            == HttpStatusCode.OK,
        () => $"model {modelId} serves\n{printed()}");
}
