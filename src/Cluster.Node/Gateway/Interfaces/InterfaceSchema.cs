using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Interfaces;

/// <summary>A JSON schema of a client, read as draft 2020-12, that JSON is held against. Any thread.</summary>
internal sealed class InterfaceSchema
{
    // Values of the schema, each with every value of the JSON: some tens of seconds at the very worst.
    private const long MostWork = 100_000_000;
    private const int MostFaults = 5;

    private static readonly string[] KnownDrafts =
    [
        SafePatterns.SchemaId, "https://json-schema.org/draft/2019-09/schema", "http://json-schema.org/draft-07/schema",
        "http://json-schema.org/draft-06/schema",
    ];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = JsonSyntax.Options.AllowTrailingCommas,
        CommentHandling = JsonSyntax.Options.CommentHandling,
        MaxDepth = JsonSyntax.Options.MaxDepth,
    };

    // Most JSON fits: what is wrong is looked for when something is.
    private static readonly EvaluationOptions Whether = new() { OutputFormat = OutputFormat.Flag };
    private static readonly EvaluationOptions Where = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema;
    private readonly SchemaBounds _bounds;

    private InterfaceSchema(JsonSchema schema, SchemaBounds bounds) => (_schema, _bounds) = (schema, bounds);

    /// <summary>Reads a schema.</summary>
    /// <exception cref="SchemaRefusedException">It is none, or one that is not used here.</exception>
    public static InterfaceSchema Compile(string text)
    {
        if (text.Length > SchemaBounds.MostCharacters)
        {
            throw new SchemaRefusedException(string.Create(
                CultureInfo.InvariantCulture,
                $"is too long: {text.Length} characters, at most {SchemaBounds.MostCharacters} are allowed"));
        }

        try
        {
            var root = WithoutDraft(JsonNode.Parse(text, nodeOptions: null, Strict));
            using var document = JsonDocument.Parse(root);
            var bounds = SchemaBounds.Of(document.RootElement);
            var options = new BuildOptions { SchemaRegistry = new SchemaRegistry(), Dialect = SafePatterns.Dialect };
            return new InterfaceSchema(JsonSchema.FromText(root, options), bounds);
        }
        catch (Exception e) when (e is not (SchemaRefusedException or OutOfMemoryException))
        {
            // The reader is not ours, and what it throws at a text that is no schema is of many types.
            throw new SchemaRefusedException($"is not a JSON schema: {e.Message}", e);
        }
    }

    /// <summary>Says why JSON does not fit; null: it does.</summary>
    /// <param name="json">UTF-8; comments and trailing commas are no mistake.</param>
    public string? FaultOf(ReadOnlyMemory<byte> json)
    {
        var text = json.Span.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        using var document = JsonDocument.Parse(text, Lenient);
        if (CountOf(text.Span) is not { } values)
        {
            return $"it holds a number with {JsonNumbers.Limits}";
        }

        var work = values * (_bounds.Values + (_bounds.ComparesElements ? values : 0));
        if (work > MostWork)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"its {values} values are too many for a schema of {_bounds.Values} values; send fewer text_docs, or ")
                + "name the outputs that are needed in target_response";
        }

        try
        {
            return _schema.Evaluate(document.RootElement, Whether).IsValid
                ? null
                : Describe(_schema.Evaluate(document.RootElement, Where));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Half a surrogate pair, a number that none of .NET's types holds: it throws at values that it cannot read.
            return $"it cannot be held against the schema: {e.Message}";
        }
    }

    // What it says of itself: a schema for older drafts is mostly one of this draft too.
    private static string WithoutDraft(JsonNode? root)
    {
        if (root is JsonObject schema)
        {
            var draft = schema["$schema"]?.ToString().TrimEnd('#');
            if (draft is not null && !KnownDrafts.Contains(draft, StringComparer.Ordinal))
            {
                throw new SchemaRefusedException($"is of an unknown draft: [{draft}]; leave $schema out");
            }

            schema.Remove("$schema");
            schema.Remove("$id");
        }

        return root?.ToJsonString() ?? "null";
    }

    // Null: one of them cannot be compared.
    private static long? CountOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        long values = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !JsonNumbers.AreComparable(reader.ValueSpan))
            {
                return null;
            }

            var isValue = reader.TokenType is not
                (JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.PropertyName);
            values += isValue ? 1 : 0;
        }

        return values;
    }

    private static string Describe(EvaluationResults result)
    {
        var faults = (result.Details ?? [])
            .Where(d => d.Errors is { Count: > 0 })
            .SelectMany(d => d.Errors!.Select(e => $"{Place(d)}: {e.Value}"))
            .Distinct(StringComparer.Ordinal)
            .Take(MostFaults + 1)
            .ToList();
        return faults.Count == 0
            ? "the schema takes no value"
            : string.Join("; ", faults.Take(MostFaults)) + (faults.Count > MostFaults ? "; …" : "");
    }

    private static string Place(EvaluationResults part) =>
        part.InstanceLocation.ToString() is { Length: > 0 } place ? place : "the whole";
}
