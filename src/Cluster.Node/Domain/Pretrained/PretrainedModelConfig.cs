using System.Text.Json;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;
using static MlCluster.Node.Domain.Pretrained.PretrainedConfig;

namespace MlCluster.Node.Domain.Pretrained;

/// <summary>Reads <c>model_config</c> of a repository's <c>config.json</c>; unknown fields are left out.</summary>
internal static class PretrainedModelConfig
{
    /// <exception cref="FormatException">A field is of another kind, or a word is not served.</exception>
    public static ModelConfig Read(JsonElement part) => new(
        Text(part, "model_type") ?? "",
        Number(part, "embedding_dimension"),
        Served(part, "framework_type", ServedNames.Frameworks) ?? "",
        Raw(part, "all_config"),
        Served(part, "pooling_mode", ServedNames.Poolings),
        Truth(part, "normalize_result"),
        Number(part, "model_max_length"),
        Text(part, "query_prefix"),
        Text(part, "passage_prefix"),
        Raw(part, "additional_config"));

    private static int? Number(JsonElement from, string field) =>
        !from.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw new FormatException($"{field} is not a whole number");

    private static bool? Truth(JsonElement from, string field) =>
        !from.TryGetProperty(field, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"{field} is neither true nor false"),
        };

    // all_config is a text with JSON in it, additional_config an object: both are kept as JSON text.
    private static string? Raw(JsonElement from, string field) =>
        from.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.GetRawText()
            : Text(from, field);
}
