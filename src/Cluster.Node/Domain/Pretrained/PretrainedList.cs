using System.Text.Json;

namespace MlCluster.Node.Domain.Pretrained;

/// <summary>The list of a repository's models, in either of the two shapes that OpenSearch publishes.</summary>
/// <remarks>
/// <c>model_listing/pre_trained_models.json</c> is an array of <c>{"name", "version": [], "format": []}</c>;
/// <c>pre_trained_models_list.json</c> an object by name of <c>{"version", "torch_script": {}, "onnx": {}}</c>, whose
/// names leave out what models are registered with before them, <c>huggingface/</c>.
/// </remarks>
internal static class PretrainedList
{
    private const string KeyPrefix = "huggingface/";

    /// <summary>Tells whether the list has the model in this version and format.</summary>
    /// <exception cref="FormatException">It is no such list.</exception>
    public static bool Holds(ReadOnlyMemory<byte> json, PretrainedModel model)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Array => document.RootElement.EnumerateArray().Any(entry => IsEntryOf(entry, model)),
                JsonValueKind.Object => document.RootElement.EnumerateObject().Any(entry => IsEntryOf(entry, model)),
                _ => throw new FormatException("it is neither an array nor an object"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is System.Text.Json's answer to a text that holds half a surrogate pair.
            throw new FormatException($"it is not JSON: {e.Message}", e);
        }
    }

    private static bool IsEntryOf(JsonElement entry, PretrainedModel model) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("name", out var name) && Is(name, model.Name)
        && Has(entry, "version", model.Version)
        && Has(entry, "format", model.FormatWord);

    private static bool IsEntryOf(JsonProperty entry, PretrainedModel model) =>
        (entry.Name == model.Name || KeyPrefix + entry.Name == model.Name)
        && entry.Value.ValueKind == JsonValueKind.Object
        && Has(entry.Value, "version", model.Version)
        && entry.Value.TryGetProperty(model.FormatWord, out _);

    private static bool Has(JsonElement entry, string field, string wanted) =>
        entry.TryGetProperty(field, out var value)
        && (value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Any(one => Is(one, wanted))
            : Is(value, wanted));

    private static bool Is(JsonElement text, string wanted) =>
        text.ValueKind == JsonValueKind.String && text.ValueEquals(wanted);
}
