using System.Text.Json.Nodes;

namespace MlCluster.Load.Node;

/// <summary>Predict requests as bytes, made before the clock runs.</summary>
internal static class PredictBody
{
    /// <summary>The whole HTTP request for some texts.</summary>
    public static byte[] Request(Uri node, string modelId, IEnumerable<string> texts)
    {
        var body = new JsonObject
        {
            ["text_docs"] = new JsonArray([.. texts.Select(text => (JsonNode)text)]),
            ["return_number"] = true,
            ["target_response"] = new JsonArray("sentence_embedding"),
        };
        var json = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
        var head =
            $"POST /_plugins/_ml/_predict/text_embedding/{modelId} HTTP/1.1\r\nHost: {node.Authority}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n";
        return [.. System.Text.Encoding.ASCII.GetBytes(head), .. json];
    }

    /// <summary>The least that a node answers.</summary>
    public static byte[] RootRequest(Uri node) =>
        System.Text.Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {node.Authority}\r\n\r\n");

    /// <summary>Requests over all texts in turn, some texts each.</summary>
    public static byte[][] Requests(Uri node, string modelId, IReadOnlyList<string> texts, int docs) =>
        [.. texts.Chunk(docs).Where(chunk => chunk.Length == docs).Select(chunk => Request(node, modelId, chunk))];

    /// <summary>The vectors of an answer.</summary>
    public static float[][] Vectors(ReadOnlySpan<byte> json) =>
    [
        .. JsonNode.Parse(json)!["inference_results"]!.AsArray().Select(document =>
            document!["output"]![0]!["data"]!.AsArray().Select(number => (float)number!).ToArray()),
    ];
}
