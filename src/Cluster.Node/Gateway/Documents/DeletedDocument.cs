using System.Text.Json;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>The "delete document" answer of OpenSearch (contract 3.5).</summary>
internal static class DeletedDocument
{
    public static void Write(Utf8JsonWriter json, string index, string id, long version)
    {
        json.WriteStartObject();
        json.WriteString("_index", index);
        json.WriteString("_id", id);
        json.WriteNumber("_version", version);
        json.WriteString("result", "deleted");
        json.WriteStartObject("_shards");
        json.WriteNumber("total", 1);
        json.WriteNumber("successful", 1);
        json.WriteNumber("failed", 0);
        json.WriteEndObject();
        json.WriteNumber("_seq_no", version - 1);
        json.WriteNumber("_primary_term", 1);
        json.WriteEndObject();
    }
}
