using System.Globalization;
using System.Text.Json;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Takes what a search needs out of JSON values.</summary>
internal static class JsonValues
{
    /// <summary>A boolean; its text is taken too.</summary>
    public static bool Flag(this JsonPart value) => value.Text switch
    {
        "true" => true,
        "false" => false,
        var text => throw ApiError.IllegalArgument(
            $"Failed to parse value [{text}] as only [true] or [false] are allowed.").ToException(),
    };

    /// <summary>A whole number; its text is taken too.</summary>
    public static int Integer(this JsonPart value) =>
        int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiError.NumberFormat(value.Text).ToException();

    /// <summary>A number.</summary>
    public static float Real(this JsonPart value) =>
        float.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && float.IsFinite(number)
            ? number
            : throw ApiError.NumberFormat(value.Text).ToException();

    /// <summary>A boost, which may not be negative.</summary>
    public static float Boost(this JsonPart value) => value.Real() is >= 0 and var boost
        ? boost
        : throw ApiError.IllegalArgument(
            $"negative [boost] are not allowed in [{value.Text}], use a value between 0 and 1 to deboost").ToException();

    /// <summary>The texts of an array, or the one text.</summary>
    public static IReadOnlyList<string> Texts(this JsonPart value, string refusal)
    {
        JsonPart[] items = value.Kind == JsonTokenType.StartArray ? [.. value.Items] : [value];
        return items.FirstOrDefault(i => !i.IsValue) is { } other
            ? throw JsonErrors.Parsing(refusal, other.At)
            : [.. items.Select(i => i.Text)];
    }
}
