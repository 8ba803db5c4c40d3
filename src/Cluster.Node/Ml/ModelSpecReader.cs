using MlCluster.Inference;
using MlCluster.Inference.Archive;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Ml;

/// <summary>Turns the words of a registration into what the engine takes.</summary>
internal static class ModelSpecReader
{
    private static readonly Dictionary<string, FunctionKind> Functions = new(StringComparer.Ordinal)
    {
        [FunctionNames.TextEmbedding] = FunctionKind.TextEmbedding,
        [FunctionNames.TextSimilarity] = FunctionKind.TextSimilarity,
        [FunctionNames.SparseEncoding] = FunctionKind.SparseEncoding,
        [FunctionNames.SparseTokenize] = FunctionKind.SparseTokenize,
        [FunctionNames.QuestionAnswering] = FunctionKind.QuestionAnswering,
    };

    // Of neuron's, those whose exports take token_type_ids.
    private static readonly string[] TypedModels = ["bert", "albert"];

    /// <exception cref="LoadRefusedException">This node cannot serve such a model.</exception>
    public static FunctionConfig Read(ModelSpec spec)
    {
        if (!Functions.TryGetValue(spec.FunctionName, out var function)
            || ModelFormats.Parse(spec.ModelFormat) is not { } format)
        {
            var formats = string.Join(" and ", Enum.GetValues<ModelFormat>().Select(known => known.Word()));
            throw new LoadRefusedException(
                $"function {spec.FunctionName} in format {spec.ModelFormat} is not supported; "
                + $"this version serves {string.Join(", ", Functions.Keys)} in format {formats}");
        }

        var config = spec.Config;
        var highlights = function == FunctionKind.QuestionAnswering && HighlightingConfig.Names(config);
        return new FunctionConfig(
            FrameworkOf(config, function),
            config.PoolingMode is { } pooling ? Parse<PoolingMode>(pooling, "pooling_mode") : PoolingMode.Mean,
            config.NormalizeResult ?? false,
            config.ModelMaxLength)
        {
            Format = format,
            TakesTypes = function == FunctionKind.TextEmbedding && format == ModelFormat.TorchScript
                && config.FrameworkType == ServedNames.Neuron
                && TypedModels.Contains(config.ModelType, StringComparer.OrdinalIgnoreCase),
            Function = highlights ? FunctionKind.SentenceHighlighting : function,
            QueryPrefix = function == FunctionKind.TextEmbedding ? config.QueryPrefix : null,
            PassagePrefix = function == FunctionKind.TextEmbedding ? config.PassagePrefix : null,
            Windows = highlights ? HighlightingConfig.Read(config) : new WindowConfig(),
        };
    }

    private static FrameworkType FrameworkOf(ModelConfig config, FunctionKind function) =>
        config.FrameworkType == ServedNames.Neuron
            || (config.FrameworkType.Length == 0 && function != FunctionKind.TextEmbedding)
                ? FrameworkType.HuggingfaceTransformers
                : Parse<FrameworkType>(config.FrameworkType, "framework_type");

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
