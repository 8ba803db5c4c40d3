using System.Globalization;
using System.Text.Json;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>What a function needs of <c>model_config</c> (contract 12.2), wherever that comes from.</summary>
internal static class ModelConfigRules
{
    /// <summary>What a function without a configuration has.</summary>
    public static ModelConfig None { get; } = new("", null, "");

    /// <summary>Tells whether a function cannot be registered without a configuration (contract 3.1).</summary>
    public static bool NeedsConfig(string function) =>
        function is not (FunctionNames.SparseEncoding or FunctionNames.SparseTokenize);

    /// <summary>What is missing or wrong; null: nothing.</summary>
    public static string? Problem(ModelConfig config, string function)
    {
        var embeds = function == FunctionNames.TextEmbedding;
        return config.ModelType.Length == 0 && NeedsConfig(function) ? "model type is null"
            : embeds && config.EmbeddingDimension is null ? "embedding dimension is null"
            : embeds && config.FrameworkType.Length == 0 ? "framework type is null"
            : ValueProblem(config);
    }

    /// <summary>What is wrong with what a configuration says, whatever it leaves out; null: nothing.</summary>
    public static string? ValueProblem(ModelConfig config) =>
        BelowOne("embedding_dimension", config.EmbeddingDimension)
        ?? BelowOne("model_max_length", config.ModelMaxLength)
        ?? Duplicates(config);

    private static string? BelowOne(string field, int? value) => value < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{field} must be at least 1, not {value}")
        : null;

    private static string? Duplicates(ModelConfig config)
    {
        if (config.AllConfig is null || config.AdditionalConfig is null)
        {
            return null;
        }

        var both = KeysOf(config.AllConfig).Intersect(KeysOf(config.AdditionalConfig), StringComparer.Ordinal).ToList();
        return both.Count > 0
            ? $"Duplicate keys found in both all_config and additional_config: {string.Join(", ", both)}"
            : null;
    }

    // all_config is any text: one that is not an object has no keys.
    private static List<string> KeysOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(p => p.Name)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
