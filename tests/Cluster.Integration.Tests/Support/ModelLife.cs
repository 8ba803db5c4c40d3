using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MlCluster.Integration.Tests.Support;

/// <summary>The control requests of a model's life, from its document over its chunks to its deletion.</summary>
public static class ModelLife
{
    /// <summary>Lives it once; every request must be answered with 200.</summary>
    public static async Task LiveAsync(PatientClient client)
    {
        var archive = ClusterOperator.Archive;
        var half = archive.Length / 2;
        var modelId = await RegisterAsync(client, archive);
        await ChunkAsync(client, modelId, 1, archive[half..]);
        await ChunkAsync(client, modelId, 0, archive[..half]);
        var path = $"/_plugins/_ml/models/{modelId}";
        var document = Ok("GET", await client.SendJsonAsync("GET", path, null));
        Assert.True((string?)document["model_state"] is "UPLOADED" or "REGISTERED", document.ToJsonString());
        Ok("DELETE", await client.SendJsonAsync("DELETE", path, null));
    }

    private static async Task<string> RegisterAsync(PatientClient client, byte[] archive)
    {
        var body =
            $$"""
            {"name":"m","version":"1","model_format":"TORCH_SCRIPT","model_config":{{ClusterOperator.Config}},
             "model_content_size_in_bytes":{{archive.Length}},"total_chunks":2,
             "model_content_hash_value":"{{Convert.ToHexStringLower(SHA256.HashData(archive))}}"}
            """;
        var answer = Ok("meta", await client.SendJsonAsync("POST", "/_plugins/_ml/models/meta", body));
        return (string)answer["model_id"]!;
    }

    private static async Task ChunkAsync(PatientClient client, string modelId, int number, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var path = $"/_plugins/_ml/models/{modelId}/chunk/{number}";
        Ok($"chunk {number}", await client.SendAsync("POST", path, content));
    }

    private static JsonNode Ok(string what, (HttpStatusCode Status, string Body) answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{what} → {(int)answer.Status} {answer.Body}");
        return JsonNode.Parse(answer.Body)!;
    }
}
