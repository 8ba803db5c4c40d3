using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>Holds JSON against the schemas of the API's document.</summary>
internal sealed class SchemaCheck
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonObject _schemas;

    private SchemaCheck(JsonObject schemas) => _schemas = schemas;

    /// <summary>As the document says it: more fields than it names are no fault.</summary>
    public static SchemaCheck Open(ApiDescription document) =>
        new(document.Root["components"]!["schemas"]!.DeepClone().AsObject());

    /// <summary>No field that the document does not name.</summary>
    public static SchemaCheck Closed(ApiDescription document)
    {
        var check = Open(document);
        Close(check._schemas);
        return check;
    }

    public void AssertFits(string schema, string json, string what)
    {
        var root = new JsonObject { ["$ref"] = $"#/$defs/{schema}", ["$defs"] = _schemas.DeepClone() };
        var text = root.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);

        var result = JsonSchema.FromText(text).Evaluate(document.RootElement, Options);

        var faults = (result.Details ?? []).Where(d => d.Errors is { Count: > 0 })
            .SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"));
        Assert.True(result.IsValid, $"{what}: {json} does not fit {schema}: {string.Join("; ", faults)}");
    }

    private static void Close(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                if (o["properties"] is JsonObject && o["additionalProperties"] is null)
                {
                    o["additionalProperties"] = false;
                }

                foreach (var (_, value) in o.Where(p => p.Key != "examples"))
                {
                    Close(value);
                }

                break;
            case JsonArray a:
                foreach (var item in a)
                {
                    Close(item);
                }

                break;
        }
    }
}
