using System.Text.Json;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Documents;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>Writes a group's document; keys in OpenSearch's order (contract 8).</summary>
internal static class ModelGroupDocumentWriter
{
    public static void Write(Utf8JsonWriter json, ModelGroupDocument group)
    {
        json.WriteStartObject();
        json.WriteString("name", group.Name);
        json.WriteNumber("latest_version", group.LatestVersion);
        json.OptionalString("description", group.Description);
        if (group.Access.BackendRoles.Count > 0)
        {
            json.StringArray("backend_roles", group.Access.BackendRoles);
        }

        json.WriteString("access", Words.Of(group.Access.Mode));
        json.WriteNumber("created_time", group.Created);
        json.WriteNumber("last_updated_time", group.LastUpdated);
        json.WriteEndObject();
    }
}
