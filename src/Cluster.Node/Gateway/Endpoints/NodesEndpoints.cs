using System.Text.Json;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>_nodes</c>: who is in the cluster (contract 9, 18).</summary>
internal sealed class NodesEndpoints(IClusterViewSource views, NodeContext context, GatewayOptions options)
    : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Nodes("/_nodes", "nodesInfo", _ => NodesWish.Everything),
        Nodes("/_nodes/{node_ids}", "nodesInfoOf", call => NodesWish.Of(call.Segment("{node_ids}"))),
        Nodes("/_nodes/{node_ids}/{metrics}", "nodesInfoSections", Sections),
        Nodes("/_nodes/{node_ids}/info/{metrics}", "nodesInfoSectionsOf", Sections),
    ];

    private static NodesWish Sections(ApiCall call) =>
        NodesWish.Of(call.Segment("{node_ids}"), call.Segment("{metrics}"));

    private ApiEndpoint Nodes(string path, string id, Func<ApiCall, NodesWish> wish) =>
        new("GET", path, call => AnswerAsync(wish(call)))
        {
            Parameters = Parameters, Description = new(id, "Cluster", "Who is in the cluster") { Answer = "Nodes" },
        };

    // Sent by clients as a matter of habit; nothing here depends on them.
    private static string[] Parameters => ["timeout", "flat_settings"];

    private ValueTask<ApiAnswer> AnswerAsync(NodesWish wish)
    {
        var nodes = NodeSelector.Select(views.Current, context.NodeId, wish.Words);
        return new(new JsonAnswer(json => Write(json, nodes, wish.WithHttp)));
    }

    private void Write(Utf8JsonWriter json, IReadOnlyList<NodeDeployments> nodes, bool withHttp)
    {
        json.WriteStartObject();
        NodesHeader.Write(json, options.ClusterName, nodes.Count, failed: 0);
        json.WriteStartObject("nodes");
        foreach (var node in nodes)
        {
            WriteNode(json, node, withHttp);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteNode(Utf8JsonWriter json, NodeDeployments node, bool withHttp)
    {
        var address = NodeAddress.Of(node);
        json.WriteStartObject(node.NodeId.Value);
        json.WriteString("name", node.Name);
        json.WriteString("transport_address", $"{address.Host}:{address.Port}");
        json.WriteString("host", address.Host);
        json.WriteString("ip", address.Host);
        json.WriteString("version", ServerVersion.Number);
        json.WriteString("build_type", ServerVersion.BuildType);
        json.WriteString("build_hash", ServerVersion.BuildHash);
        json.StringArray("roles", NodeRoles.Of(node));
        WriteAttributes(json, node);
        if (withHttp && NodeRoles.HasRole(node, NodeRole.Gateway) && node.HttpAddress is { } http)
        {
            json.WriteStartObject("http");
            json.StringArray("bound_address", [http]);
            json.WriteString("publish_address", http);
            json.WriteNumber("max_content_length_in_bytes", options.MaxBodyBytes);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, NodeDeployments node)
    {
        json.WriteStartObject("attributes");
        if (NodeRoles.HasRole(node, NodeRole.Gateway))
        {
            json.WriteString("gateway", "true");
        }

        json.OptionalString("devices", NodeDevices.Names(node));
        json.OptionalString("device_memory_in_bytes", NodeDevices.MemoryBytes(node));

        json.WriteEndObject();
    }
}
