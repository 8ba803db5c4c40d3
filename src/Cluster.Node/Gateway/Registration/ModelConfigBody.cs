using System.Globalization;
using System.Text.Json;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads <c>model_config</c> (contract 12.2).</summary>
internal static class ModelConfigBody
{
    /// <summary>What a function without a configuration has.</summary>
    public static ModelConfig None { get; } = new("", null, "");

    /// <summary>Reads the object at the reader; what the function needs of it is checked after.</summary>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static ModelConfig Read(ref JsonPull json)
    {
        var config = None;
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "model_type":
                    config = config with { ModelType = json.Text() };
                    break;
                case "framework_type":
                    config = config with { FrameworkType = json.Text() };
                    break;
                default:
                    config = ReadOther(config, name, ref json);
                    break;
            }
        }

        return config;
    }

    /// <summary>Checks a configuration, wherever in the body the function's name stood.</summary>
    /// <exception cref="ApiException">400: something is missing or wrong.</exception>
    public static ModelConfig Check(ModelConfig config, string function)
    {
        var embeds = function == FunctionNames.TextEmbedding;
        var missing = config.ModelType.Length == 0 && NeedsConfig(function) ? "model type is null"
            : embeds && config.EmbeddingDimension is null ? "embedding dimension is null"
            : embeds && config.FrameworkType.Length == 0 ? "framework type is null"
            : null;
        if (missing is not null)
        {
            throw ApiError.IllegalArgument(missing).ToException();
        }

        return CheckValues(config);
    }

    /// <summary>Checks what a configuration says, whatever it leaves out.</summary>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static ModelConfig CheckValues(ModelConfig config)
    {
        RefuseBelowOne("embedding_dimension", config.EmbeddingDimension);
        RefuseBelowOne("model_max_length", config.ModelMaxLength);
        RefuseDuplicates(config);
        var framework = config.FrameworkType.Length == 0 ? "" : KnownNames.Framework(config.FrameworkType);
        return config with { FrameworkType = framework };
    }

    /// <summary>Tells whether a function cannot be registered without a configuration (contract 3.1).</summary>
    public static bool NeedsConfig(string function) =>
        function is not (FunctionNames.SparseEncoding or FunctionNames.SparseTokenize);

    private static ModelConfig ReadOther(ModelConfig config, string name, ref JsonPull json)
    {
        switch (name)
        {
            case "embedding_dimension":
                return config with { EmbeddingDimension = json.Integer() };
            case "all_config":
                return config with { AllConfig = json.Text() };
            case "additional_config":
                return config with { AdditionalConfig = json.RawObject() };
            case "pooling_mode":
                return config with { PoolingMode = KnownNames.Pooling(json.Text()) };
            case "normalize_result":
                return config with { NormalizeResult = json.Boolean() };
            case "model_max_length":
                return config with { ModelMaxLength = json.Integer() };
            case "query_prefix":
                return config with { QueryPrefix = json.Text() };
            case "passage_prefix":
                return config with { PassagePrefix = json.Text() };
            default:
                json.Skip();
                return config;
        }
    }

    private static void RefuseBelowOne(string field, int? value)
    {
        if (value < 1)
        {
            throw ApiError.IllegalArgument(
                string.Create(CultureInfo.InvariantCulture, $"{field} must be at least 1, not {value}")).ToException();
        }
    }

    private static void RefuseDuplicates(ModelConfig config)
    {
        if (config.AllConfig is null || config.AdditionalConfig is null)
        {
            return;
        }

        var both = KeysOf(config.AllConfig).Intersect(KeysOf(config.AdditionalConfig), StringComparer.Ordinal).ToList();
        if (both.Count > 0)
        {
            throw ApiError.IllegalArgument(
                $"Duplicate keys found in both all_config and additional_config: {string.Join(", ", both)}")
                    .ToException();
        }
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
