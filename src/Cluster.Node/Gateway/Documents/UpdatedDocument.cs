using System.Text.Json;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>The "update document" answer of OpenSearch (contract 3.7).</summary>
internal static class UpdatedDocument
{
    /// <param name="changed">False: it was so already.</param>
    public static void Write(Utf8JsonWriter json, string index, string id, long version, bool changed = true)
    {
        json.WriteStartObject();
        json.WriteString("_index", index);
        json.WriteString("_id", id);
        json.WriteNumber("_version", version);
        json.WriteString("result", changed ? "updated" : "noop");
        json.WriteStartObject("_shards");
        json.WriteNumber("total", changed ? 1 : 0);
        json.WriteNumber("successful", changed ? 1 : 0);
        json.WriteNumber("failed", 0);
        json.WriteEndObject();
        json.WriteNumber("_seq_no", version - 1);
        json.WriteNumber("_primary_term", 1);
        json.WriteEndObject();
    }
}
