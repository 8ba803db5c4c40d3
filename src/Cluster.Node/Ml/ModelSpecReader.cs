using MlCluster.Inference;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Ml;

/// <summary>Turns the words of a registration into what the engine takes.</summary>
internal static class ModelSpecReader
{
    private const string TextEmbedding = "TEXT_EMBEDDING";
    private const string TorchScript = "TORCH_SCRIPT";

    /// <exception cref="LoadRefusedException">This node cannot serve such a model.</exception>
    public static TextEmbeddingConfig Read(ModelSpec spec)
    {
        if (spec.FunctionName != TextEmbedding || spec.ModelFormat != TorchScript)
        {
            throw new LoadRefusedException(
                $"function {spec.FunctionName} in format {spec.ModelFormat} is not supported; "
                + $"this version serves {TextEmbedding} in format {TorchScript}");
        }

        var config = spec.Config;
        return new TextEmbeddingConfig(
            Parse<FrameworkType>(config.FrameworkType, "framework_type"),
            config.PoolingMode is { } pooling ? Parse<PoolingMode>(pooling, "pooling_mode") : PoolingMode.Mean,
            config.NormalizeResult ?? false,
            config.ModelMaxLength);
    }

    private static T Parse<T>(string text, string field)
        where T : struct, Enum
    {
        var word = text.Replace("_", "", StringComparison.Ordinal);
        return !char.IsAsciiDigit(word.FirstOrDefault()) && Enum.TryParse<T>(word, ignoreCase: true, out var value)
            ? value
            : throw new LoadRefusedException(
                $"{field} [{text}] is not supported; it can be {string.Join(", ", Enum.GetNames<T>())}");
    }
}
