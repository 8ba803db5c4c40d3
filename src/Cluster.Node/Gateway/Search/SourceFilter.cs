using System.Text.Json;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Domain.Search.Queries;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Which fields of a document a hit shows (<c>_source</c>).</summary>
/// <param name="Includes">Patterns of fields, or of objects they are in; none: all.</param>
internal sealed record SourceFilter(
    bool IsWanted, IReadOnlyList<WildcardPattern> Includes, IReadOnlyList<WildcardPattern> Excludes)
{
    public static SourceFilter All { get; } = new(true, [], []);

    /// <summary>True when a document is shown as it is.</summary>
    public bool IsWhole => IsWanted && Includes.Count == 0 && Excludes.Count == 0;

    /// <summary>Reads a boolean, a pattern, patterns, or an object with includes and excludes.</summary>
    public static SourceFilter Parse(JsonPart json) => json.Kind switch
    {
        JsonTokenType.True => All,
        JsonTokenType.False => All with { IsWanted = false },
        JsonTokenType.String or JsonTokenType.StartArray => All with { Includes = Patterns(json) },
        JsonTokenType.StartObject => json.Fields.Aggregate(All, (read, f) => read.With(f.Name, f.Value)),
        _ => throw JsonErrors.Parsing(
            "Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found "
            + $"[{json.KindName}]",
            json.At),
    };

    /// <summary>Writes what is wanted of an object.</summary>
    public void Write(JsonElement document, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteFields(document, "", Includes.Count == 0, json);
        json.WriteEndObject();
    }

    private void WriteFields(JsonElement element, string path, bool isIncluded, Utf8JsonWriter json)
    {
        foreach (var field in element.EnumerateObject())
        {
            var name = path + field.Name;
            if (Excludes.Any(e => e.Matches(name)))
            {
                continue;
            }

            var included = isIncluded || Includes.Any(i => i.Matches(name));
            if (field.Value.ValueKind == JsonValueKind.Object)
            {
                WriteObject(field, name, included, json);
            }
            else if (included)
            {
                field.WriteTo(json);
            }
        }
    }

    private void WriteObject(JsonProperty field, string name, bool included, Utf8JsonWriter json)
    {
        if (included || HasIncluded(field.Value, name + '.'))
        {
            json.WriteStartObject(field.Name);
            WriteFields(field.Value, name + '.', included, json);
            json.WriteEndObject();
        }
    }

    private bool HasIncluded(JsonElement element, string path) => element.EnumerateObject().Any(f =>
        !Excludes.Any(e => e.Matches(path + f.Name))
        && (Includes.Any(i => i.Matches(path + f.Name))
            || (f.Value.ValueKind == JsonValueKind.Object && HasIncluded(f.Value, $"{path}{f.Name}."))));

    private SourceFilter With(string name, JsonPart value) => name switch
    {
        "includes" or "include" => this with { Includes = Patterns(value) },
        "excludes" or "exclude" => this with { Excludes = Patterns(value) },
        _ => throw JsonErrors.Parsing($"Unknown key for a {value.KindName} in [{name}].", value.At),
    };

    private static WildcardPattern[] Patterns(JsonPart value)
    {
        try
        {
            return [.. value.Texts($"Unknown key for a {value.KindName} in [_source].")
                .Select(t => new WildcardPattern(t, ignoreCase: false))];
        }
        catch (SearchException e)
        {
            throw ApiError.IllegalArgument(e.Message).ToException(e);
        }
    }
}
