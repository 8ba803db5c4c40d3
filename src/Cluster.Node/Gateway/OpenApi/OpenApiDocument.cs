using System.Globalization;
using System.Text.Json.Nodes;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.OpenApi;

/// <summary>The API's description as an OpenAPI document, made of its routes: none can be missing.</summary>
internal static class OpenApiDocument
{
    /// <summary>Version of the specification.</summary>
    public const string Specification = "3.1.1";

    /// <summary>Makes the document.</summary>
    /// <param name="parts">Of <see cref="OpenApiParts"/>; becomes a part of the document.</param>
    /// <param name="routes">In the order in which they are told.</param>
    public static JsonObject Of(JsonObject parts, IEnumerable<DescribedRoute> routes)
    {
        var info = Take(parts, "info");
        info["version"] = ThisBuild.Version;
        var paths = routes.GroupBy(r => r.Path, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, PathOf(p)));
        return new JsonObject
        {
            ["openapi"] = Specification,
            ["info"] = info,
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = Take(parts, "tags"),
            ["paths"] = new JsonObject(paths),
            ["components"] = parts,
        };
    }

    /// <summary>A reference to a component.</summary>
    internal static JsonObject Reference(string section, string name) =>
        new() { ["$ref"] = $"#/components/{section}/{name}" };

    private static JsonObject PathOf(IEnumerable<DescribedRoute> routes)
    {
        var path = new JsonObject();
        foreach (var route in routes)
        {
            path[route.Method.ToLower(CultureInfo.InvariantCulture)] = OpenApiOperation.Of(route);
        }

        return path;
    }

    private static JsonNode Take(JsonObject parts, string section)
    {
        var taken = parts[section]!;
        parts.Remove(section);
        return taken;
    }
}
