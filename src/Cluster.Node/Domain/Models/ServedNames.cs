using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>The words of a registration that this version serves, as they are stored.</summary>
internal static class ServedNames
{
    public static IReadOnlyList<string> Functions { get; } =
    [
        FunctionNames.TextEmbedding, FunctionNames.TextSimilarity, FunctionNames.SparseEncoding,
        FunctionNames.SparseTokenize, FunctionNames.QuestionAnswering,
    ];

    public static IReadOnlyList<string> Formats { get; } = ["TORCH_SCRIPT", "ONNX"];

    /// <summary>As HUGGINGFACE_TRANSFORMERS, with <c>token_type_ids</c> for some types of model.</summary>
    public const string Neuron = "HUGGINGFACE_TRANSFORMERS_NEURON";

    public static IReadOnlyList<string> Frameworks { get; } =
        ["SENTENCE_TRANSFORMERS", "HUGGINGFACE_TRANSFORMERS", Neuron];

    public static IReadOnlyList<string> Poolings { get; } =
        ["MEAN", "MEAN_SQRT_LEN", "MAX", "WEIGHTED_MEAN", "CLS", "LAST_TOKEN", "NONE"];
}
