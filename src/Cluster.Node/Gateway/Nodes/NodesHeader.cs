using System.Text.Json;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What answers of several nodes begin with.</summary>
internal static class NodesHeader
{
    /// <param name="total">Nodes that were meant.</param>
    /// <param name="failed">Those of them that did not answer.</param>
    public static void Write(Utf8JsonWriter json, string clusterName, int total, int failed)
    {
        json.WriteStartObject("_nodes");
        json.WriteNumber("total", total);
        json.WriteNumber("successful", total - failed);
        json.WriteNumber("failed", failed);
        json.WriteEndObject();
        json.WriteString("cluster_name", clusterName);
    }
}
