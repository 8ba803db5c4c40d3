using System.Text.Json;
using MlCluster.Inference;
using MlCluster.Inference.Functions;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Makes what the routing says of a loaded model.</summary>
internal static class ServedModelEntry
{
    private const int DefaultMaxTokens = 512;

    public static ServedModel Of(
        LoadModel command, ModelPackage package, RehearsalReport rehearsal, InferenceDevice device) =>
        new(
            command.ModelId,
            command.Spec.FunctionName,
            device.Name,
            BatchingWord.Of(rehearsal.Batching),
            [.. FunctionOutputs.Of(package.Config, rehearsal).Select(ToOutput)],
            Math.Max(command.SizeBytes, BytesOf(package)),
            MaxTokens(package));

    private static long BytesOf(ModelPackage package) =>
        package.ModelFile is { } model ? new FileInfo(model).Length : 0;

    private static ServedOutput ToOutput(OutputInfo output) => new(
        output.Name, output.PerToken ? TensorKind.PerToken : TensorKind.PerDocument, output.BytesPerUnit);

    /// <summary>Upper bound of a document's tokens (contract 12.5): tokenizer.json's limit under the model's.</summary>
    public static int MaxTokens(ModelPackage package)
    {
        var config = package.Config;
        if (config.Function == FunctionKind.SentenceHighlighting)
        {
            return config.Windows.MaxTokens;
        }

        var own = (config.TakesMaxLength ? config.ModelMaxLength : null) ?? DefaultMaxTokens;
        return Math.Min(own, TokenizerMaxLength(package.TokenizerFile) ?? own);
    }

    private static int? TokenizerMaxLength(string tokenizerFile)
    {
        using var stream = File.OpenRead(tokenizerFile);
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.TryGetProperty("truncation", out var truncation)
            && truncation.ValueKind == JsonValueKind.Object
            && truncation.TryGetProperty("max_length", out var length)
            && length.TryGetInt32(out var value)
                ? value
                : null;
    }
}
