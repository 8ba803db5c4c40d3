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
}

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
