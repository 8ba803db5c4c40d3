namespace MlCluster.Messages.Models;

/// <summary>What a registration says about a model; kept as given.</summary>
/// <param name="FunctionName">Upper case, such as <c>TEXT_EMBEDDING</c>.</param>
/// <param name="ModelFormat">Upper case, such as <c>TORCH_SCRIPT</c>.</param>
/// <param name="ModelGroupId">Its group; null for models of a time before there were groups.</param>
public sealed record ModelSpec(
    string Name,
    string? Version,
    string? Description,
    string FunctionName,
    string ModelFormat,
    ModelConfig Config,
    string? ModelGroupId)
{
    /// <summary>False: predictions are refused; null: nobody has said, so they are not.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>How many predictions are let through; null: all.</summary>
    public RateLimiter? RateLimiter { get; init; }

    /// <summary>How it is deployed; null: nothing was said.</summary>
    public DeploySetting? DeploySetting { get; init; }

    /// <summary>What it takes and gives; null: anything.</summary>
    public ModelInterface? Interface { get; init; }
}

/// <summary><c>deploy_setting</c> (contract 3.1).</summary>
/// <param name="IsAutoDeployEnabled">Kept and told: a prediction deploys remote models alone; null: not said.</param>
/// <param name="ModelTtlMinutes">It is undeployed when nobody has used it for so long; below 0: never; null: not said,
/// so never.</param>
public sealed record DeploySetting(bool? IsAutoDeployEnabled, long? ModelTtlMinutes);

/// <summary><c>interface</c>: JSON schemas as text, kept as given.</summary>
/// <param name="Input">Of bodies of predictions; null: any.</param>
/// <param name="Output">Of their answers; null: any.</param>
public sealed record ModelInterface(string? Input, string? Output);

/// <summary><c>model_config</c> (contract 12.2).</summary>
/// <param name="FrameworkType">Upper case, such as <c>SENTENCE_TRANSFORMERS</c>.</param>
/// <param name="PoolingMode">Upper case with underscores, such as <c>MEAN_SQRT_LEN</c>.</param>
/// <param name="AllConfig">JSON text of the model's config.json, kept as given.</param>
/// <param name="AdditionalConfig">JSON text of an object, kept as given.</param>
public sealed record ModelConfig(
    string ModelType,
    int? EmbeddingDimension,
    string FrameworkType,
    string? AllConfig = null,
    string? PoolingMode = null,
    bool? NormalizeResult = null,
    int? ModelMaxLength = null,
    string? QueryPrefix = null,
    string? PassagePrefix = null,
    string? AdditionalConfig = null);
