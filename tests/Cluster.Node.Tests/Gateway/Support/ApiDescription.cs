using System.Text.Json.Nodes;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>The document of <c>/openapi.json</c>, as a client reads it.</summary>
internal sealed class ApiDescription(string text)
{
    public string Text { get; } = text;

    public JsonObject Root { get; } = JsonNode.Parse(text)!.AsObject();

    public IReadOnlyList<ApiOperation> Operations =>
    [
        .. Root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(method => new ApiOperation(this, method.Key.ToUpperInvariant(), path.Key))),
    ];

    public static async Task<ApiDescription> OfAsync(GatewayHost host) =>
        new(await host.OkAsync("GET", "/openapi.json"));

    public JsonObject Component(string section, string name) => Root["components"]![section]![name]!.AsObject();

    /// <summary>Every reference in it, as <c>section/name</c>.</summary>
    public static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o when o["$ref"] is JsonValue reference =>
            [((string)reference!).Replace("#/components/", "", StringComparison.Ordinal)],
        JsonObject o => o.SelectMany(p => References(p.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}

/// <summary>One operation of it.</summary>
internal sealed record ApiOperation(ApiDescription Document, string Method, string Path)
{
    public JsonObject Json => Document.Root["paths"]![Path]![Method.ToLowerInvariant()]!.AsObject();

    public string Id => (string)Json["operationId"]!;

    public string Tag => (string)Json["tags"]![0]!;

    /// <summary>Status of a call that does what it can.</summary>
    public int Status => Json["responses"]!["200"] is null ? 400 : 200;

    /// <summary>Schema of the body; null: any, or none.</summary>
    public string? Request => SchemaOf(Json["requestBody"]);

    public bool NeedsBody => (bool?)Json["requestBody"]?["required"] == true;

    /// <summary>Schema of the answer.</summary>
    public string? Answer => SchemaOf(Json["responses"]!["200"]);

    public IReadOnlyList<JsonObject> QueryParameters => [.. Parameters.Where(p => (string)p["in"]! == "query")];

    /// <summary>The path with the examples of its parameters.</summary>
    public string ExamplePath => Parameters.Where(p => (string)p["in"]! == "path").Aggregate(
        Path,
        (path, parameter) => path.Replace(
            $"{{{parameter["name"]}}}", Uri.EscapeDataString(ExampleOf(parameter)), StringComparison.Ordinal));

    /// <summary>Bodies that the document shows; one that is null where there is nothing to show.</summary>
    public IReadOnlyList<string?> ExampleBodies => Request is null
        ? [NeedsBody ? "{}" : null]
        : Document.Component("schemas", Request)["examples"] is JsonArray { Count: > 0 } examples
            ? [.. examples.Select(e => e!.ToJsonString())]
            : ["PK, and so on"];

    private IEnumerable<JsonObject> Parameters => ApiDescription.References(Json["parameters"])
        .Select(r => Document.Component("parameters", r.Split('/')[1]));

    /// <summary>That of a query parameter is in its schema, where Swagger UI does not take it for what is to be
    /// sent.</summary>
    public static string ExampleOf(JsonObject parameter) =>
        (parameter["example"] ?? parameter["schema"]!["examples"]?[0])?.ToString()
        ?? throw new InvalidOperationException($"parameter {parameter["name"]} has no example");

    public override string ToString() => $"{Method} {Path}";

    private static string? SchemaOf(JsonNode? withContent) =>
        (string?)withContent?["content"]?["application/json"]?["schema"]?["$ref"] is { } reference
            ? reference[(reference.LastIndexOf('/') + 1)..]
            : null;
}
