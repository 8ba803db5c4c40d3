using System.Text.Json;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>GET /</c>: what this server is (contract 9, 18).</summary>
internal sealed class InfoEndpoints(NodeContext context, GatewayOptions options, IClusterIdentity identity)
    : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("GET", "/", GetAsync)
            { Description = new("info", "Cluster", "What this server is") { Answer = "ServerInfo" } },
        new("HEAD", "/", GetAsync) { Description = new("ping", "Cluster", "Whether this server answers") },
    ];

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        var uuid = await identity.GetUuidAsync(call.Cancelled);
        return new JsonAnswer(json => Write(json, uuid));
    }

    private void Write(Utf8JsonWriter json, string uuid)
    {
        json.WriteStartObject();
        json.WriteString("name", context.Name);
        json.WriteString("cluster_name", options.ClusterName);
        json.WriteString("cluster_uuid", uuid);
        json.WriteStartObject("version");
        json.WriteString("distribution", ServerVersion.Distribution);
        json.WriteString("number", ServerVersion.Number);
        json.WriteString("build_type", ServerVersion.BuildType);
        json.WriteString("build_hash", ServerVersion.BuildHash);
        json.WriteString("build_date", ServerVersion.BuildDate);
        json.WriteBoolean("build_snapshot", false);
        json.WriteString("lucene_version", ServerVersion.Lucene);
        json.WriteString("minimum_wire_compatibility_version", ServerVersion.MinimumWireCompatibility);
        json.WriteString("minimum_index_compatibility_version", ServerVersion.MinimumIndexCompatibility);
        json.WriteEndObject();
        json.WriteString("tagline", ServerVersion.Tagline);
        json.WriteEndObject();
    }
}
