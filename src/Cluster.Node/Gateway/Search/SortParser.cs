using System.Globalization;
using System.Text.Json;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Reads <c>sort</c> and <c>search_after</c>.</summary>
internal static class SortParser
{
    /// <summary>A field, an object, or an array of both.</summary>
    public static IReadOnlyList<SortField> Parse(JsonPart json) => json.Kind switch
    {
        JsonTokenType.StartArray => [.. json.Items.SelectMany(One)],
        _ => [.. One(json)],
    };

    /// <summary>Values of a hit's <c>sort</c>.</summary>
    public static IReadOnlyList<SortValue> ParseAfter(JsonPart json) => json switch
    {
        { Kind: JsonTokenType.StartArray, Items.Count: > 0 } => [.. json.Items.Select(ValueOf)],
        { Kind: JsonTokenType.StartArray } =>
            throw ApiError.IllegalArgument("Values must contains at least one value.").ToException(),
        _ => throw JsonErrors.Parsing($"Unknown key for a {json.KindName} in [search_after].", json.At),
    };

    private static IEnumerable<SortField> One(JsonPart json) => json.Kind switch
    {
        JsonTokenType.String => [Plain(json.Text)],
        JsonTokenType.StartObject => json.Fields.Select(f => OfField(f.Name, f.Value)),
        _ => throw JsonErrors.Parsing(
            "malformed sort format, within the sort array, an object, or an actual string are allowed", json.At),
    };

    private static SortField Plain(string field) => new(field, field == "_score", false, false);

    private static SortField OfField(string field, JsonPart value)
    {
        if (value.Kind != JsonTokenType.StartObject)
        {
            return Plain(field) with { Descending = Order(value) };
        }

        var read = value.Fields.Aggregate(Plain(field), (sort, option) => With(sort, option.Name, option.Value));
        var mode = read.Descending ? "max" : "min";
        return value.Fields.FirstOrDefault(f => f.Name == "mode" && f.Value.Text != mode).Value is { } other
            ? throw JsonErrors.Parsing($"[field_sort] does not support [mode] [{other.Text}] in this order", other.At)
            : read;
    }

    private static SortField With(SortField sort, string name, JsonPart value) => (name, value.Text) switch
    {
        ("order", _) => sort with { Descending = Order(value) },
        ("missing", "_last") => sort with { MissingFirst = false },
        ("missing", "_first") => sort with { MissingFirst = true },
        ("unmapped_type", _) when value.IsValue => sort with { MayBeUnmapped = true },
        // The lowest value counts, or the highest when descending.
        ("mode", "min" or "max") => sort,
        ("numeric_type", "long" or "date") => sort,
        ("format", "epoch_millis") => sort,
        _ => throw JsonErrors.Parsing($"[field_sort] unknown field [{name}]", value.At),
    };

    private static bool Order(JsonPart value) => value.Text.ToLowerInvariant() switch
    {
        "asc" when value.IsValue => false,
        "desc" when value.IsValue => true,
        _ => throw ApiError.IllegalArgument(
            $"No enum constant org.opensearch.search.sort.SortOrder.{value.Text.ToUpperInvariant()}").ToException(),
    };

    private static SortValue ValueOf(JsonPart json) => json.Kind switch
    {
        JsonTokenType.Null => new SortValue(null, null, null),
        JsonTokenType.String or JsonTokenType.True or JsonTokenType.False => new SortValue(json.Text, null, null),
        JsonTokenType.Number when long.TryParse(
            json.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            new SortValue(null, number, null),
        JsonTokenType.Number => new SortValue(null, null, json.Real()),
        _ => throw JsonErrors.Parsing($"Can only parse values in [search_after], found [{json.KindName}]", json.At),
    };
}
