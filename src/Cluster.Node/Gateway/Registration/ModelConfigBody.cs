using System.Globalization;
using System.Text.Json;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads <c>model_config</c> (contract 12.2).</summary>
internal static class ModelConfigBody
{
    /// <summary>Reads the object at the reader and checks it as a TEXT_EMBEDDING configuration.</summary>
    /// <exception cref="ApiException">400: something is missing or wrong.</exception>
    public static ModelConfig Read(ref JsonPull json)
    {
        string? type = null, framework = null;
        var config = new ModelConfig("", null, "");
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "model_type":
                    type = json.Text();
                    break;
                case "framework_type":
                    framework = json.Text();
                    break;
                default:
                    config = ReadOther(config, name, ref json);
                    break;
            }
        }

        return Check(config, type, framework);
    }

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
            case "query_prefix" or "passage_prefix":
                throw ApiError.IllegalArgument(
                    $"{name} is not served: this version serves symmetric models only").ToException();
            default:
                json.Skip();
                return config;
        }
    }

    private static ModelConfig Check(ModelConfig config, string? type, string? framework)
    {
        var missing = type is null ? "model type is null"
            : config.EmbeddingDimension is null ? "embedding dimension is null"
            : framework is null ? "framework type is null"
            : null;
        if (missing is not null)
        {
            throw ApiError.IllegalArgument(missing).ToException();
        }

        RefuseBelowOne("embedding_dimension", config.EmbeddingDimension);
        RefuseBelowOne("model_max_length", config.ModelMaxLength);
        RefuseDuplicates(config);
        return config with { ModelType = type!, FrameworkType = KnownNames.Framework(framework!) };
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
