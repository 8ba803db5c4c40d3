using System.Reflection;
using System.Text.Json.Nodes;

namespace MlCluster.Node.Gateway.OpenApi;

/// <summary>What the API's document has beside its paths: <c>Parts/*.json</c>, one file a family of routes.</summary>
/// <remarks>
/// Each file may have <c>tags</c> and, by name, <c>parameters</c> (<c>path.…</c> and <c>query.…</c>), <c>responses</c>
/// (by status) and <c>schemas</c>.
/// </remarks>
internal static class OpenApiParts
{
    private const string Prefix = "openapi/";
    private const string TagSection = "tags";

    /// <summary>All files as one object: <c>info</c>, <c>tags</c>, <c>parameters</c> …</summary>
    /// <exception cref="ArgumentException">Two files use a name twice.</exception>
    public static JsonObject Load()
    {
        var all = new JsonObject();
        var assembly = typeof(OpenApiParts).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                Merge(Read(assembly, name), all);
            }
        }

        return all;
    }

    private static JsonObject Read(Assembly assembly, string name)
    {
        using var file = assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(file)!.AsObject();
    }

    private static void Merge(JsonObject part, JsonObject all)
    {
        foreach (var (section, content) in part)
        {
            if (section == TagSection)
            {
                Append(content!.AsArray(), all);
                continue;
            }

            var known = all[section] as JsonObject ?? Add(all, section, new JsonObject());
            foreach (var (name, value) in content!.AsObject())
            {
                known.Add(name, value!.DeepClone());
            }
        }
    }

    private static void Append(JsonArray tags, JsonObject all)
    {
        var known = all[TagSection] as JsonArray ?? Add(all, TagSection, new JsonArray());
        foreach (var tag in tags)
        {
            known.Add(tag!.DeepClone());
        }
    }

    private static T Add<T>(JsonObject all, string section, T empty)
        where T : JsonNode
    {
        all[section] = empty;
        return empty;
    }
}
