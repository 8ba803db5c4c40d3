using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MlCluster.Compose.Reading;

/// <summary>YAML as plain objects, lists and texts, with its merge keys (<c>&lt;&lt;</c>) carried out.</summary>
internal static class YamlTree
{
    private const string MergeKey = "<<";

    /// <exception cref="ComposeException">It is not YAML, or not a mapping.</exception>
    public static JsonObject Parse(string text, Func<string, string> fill)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return Convert(stream.Documents[0].RootNode, fill) as JsonObject
                ?? throw new ComposeException("the file is no mapping");
        }
        catch (YamlException e)
        {
            throw new ComposeException($"line {e.Start.Line} is not YAML: {e.Message}", e);
        }
    }

    private static JsonNode? Convert(YamlNode node, Func<string, string> fill) => node switch
    {
        YamlMappingNode map => Convert(map, fill),
        YamlSequenceNode list => new JsonArray([.. list.Select(n => Convert(n, fill))]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } => null,
        YamlScalarNode scalar => fill(scalar.Value ?? ""),
        _ => throw new ComposeException($"line {node.Start.Line}: a {node.NodeType} is not understood"),
    };

    // What the mapping says itself wins over what it merges; of several sources the first one wins.
    private static JsonObject Convert(YamlMappingNode map, Func<string, string> fill)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Where(p => Key(p) != MergeKey))
        {
            result[((YamlScalarNode)key).Value!] = Convert(value, fill);
        }

        foreach (var source in map.Where(p => Key(p) == MergeKey).SelectMany(p => Sources(p.Value)))
        {
            foreach (var (key, value) in Convert(source, fill).Where(p => !result.ContainsKey(p.Key)))
            {
                result[key] = value?.DeepClone();
            }
        }

        return result;
    }

    private static string? Key(KeyValuePair<YamlNode, YamlNode> pair) => (pair.Key as YamlScalarNode)?.Value;

    private static IEnumerable<YamlMappingNode> Sources(YamlNode node) => node switch
    {
        YamlMappingNode map => [map],
        YamlSequenceNode list => list.SelectMany(Sources),
        _ => throw new ComposeException($"line {node.Start.Line}: {MergeKey} takes mappings"),
    };
}
