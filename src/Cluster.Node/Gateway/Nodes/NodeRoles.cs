using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Roles in OpenSearch's words: it knows data and ml; a gateway is named among the attributes.</summary>
internal static class NodeRoles
{
    private const string None = "-";

    /// <summary>Names, in order.</summary>
    public static IReadOnlyList<string> Of(NodeDeployments node) =>
        [.. node.Roles.Where(r => r is NodeRole.Data or NodeRole.Ml).Order(StringComparer.Ordinal)];

    /// <summary><c>node.roles</c> of <c>_cat</c>.</summary>
    public static string Names(NodeDeployments node) =>
        Of(node) is { Count: > 0 } roles ? string.Join(',', roles) : None;

    /// <summary><c>node.role</c> of <c>_cat</c>: one letter a role; ml has none.</summary>
    public static string Letters(NodeDeployments node) => HasRole(node, NodeRole.Data) ? "d" : None;

    public static bool HasRole(NodeDeployments node, string role) => node.Roles.Contains(role, StringComparer.Ordinal);
}
