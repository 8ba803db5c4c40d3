using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads <c>model_config</c> (contract 12.2).</summary>
internal static class ModelConfigBody
{
    /// <summary>Reads the object at the reader; what the function needs of it is checked after.</summary>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static ModelConfig Read(ref JsonPull json)
    {
        var config = ModelConfigRules.None;
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
        if (ModelConfigRules.Problem(config, function) is { } problem)
        {
            throw ApiError.IllegalArgument(problem).ToException();
        }

        return CheckValues(config);
    }

    /// <summary>Checks what a configuration says, whatever it leaves out.</summary>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static ModelConfig CheckValues(ModelConfig config)
    {
        if (ModelConfigRules.ValueProblem(config) is { } problem)
        {
            throw ApiError.IllegalArgument(problem).ToException();
        }

        var framework = config.FrameworkType.Length == 0 ? "" : KnownNames.Framework(config.FrameworkType);
        return config with { FrameworkType = framework };
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
            case "query_prefix":
                return config with { QueryPrefix = json.Text() };
            case "passage_prefix":
                return config with { PassagePrefix = json.Text() };
            default:
                json.Skip();
                return config;
        }
    }
}
