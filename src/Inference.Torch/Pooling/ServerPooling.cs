using MlCluster.Inference.Archive;
using MlCluster.Inference.Native;
using MlCluster.Inference.Scripting;
using TorchSharp;

namespace MlCluster.Inference.Pooling;

/// <summary>
/// Makes the one output of models that are pooled here out of what the graph gives (contract 12.4).
/// </summary>
/// <remarks>
/// Source: https://github.com/opensearch-project/ml-commons, class HuggingfaceTextEmbeddingTranslator.
/// </remarks>
internal static class ServerPooling
{
    /// <summary>Name of the one output, and of the one that is taken first where the graph pools.</summary>
    public const string SentenceEmbedding = "sentence_embedding";

    private const string LastHiddenState = "last_hidden_state";
    private const string PoolerOutput = "pooler_output";

    /// <summary>Chooses the output, pools it unless the graph did, and normalises it if that is wanted.</summary>
    /// <param name="outputs">What the graph gave, in its own order; at least one.</param>
    /// <param name="mask"><c>[batch, tokens]</c>, int64: 1 for tokens, 0 for padding.</param>
    /// <param name="config">How.</param>
    /// <returns>
    /// <c>[batch, 1, hidden]</c> as ML Commons has it for TorchScript, <c>[batch, hidden]</c> for ONNX; float32.
    /// Without pooling an output of three axes or more keeps its shape.
    /// </returns>
    /// <exception cref="InferenceException">The output does not have the rows that are needed.</exception>
    public static NamedTensor Embed(List<NamedTensor> outputs, torch.Tensor mask, FunctionConfig config)
    {
        var (name, chosen) = outputs[Choose([.. outputs.Select(output => output.Name)], config.Pooling)];
        if (TensorBytes.TypeOf(chosen) == TensorType.Unknown)
        {
            throw new InferenceException($"output {name ?? "0"} has elements of type {chosen.dtype}: they cannot be pooled");
        }

        var vectors = config.Pooling == PoolingMode.None
            ? AsItIs(chosen, mask)
            : TokenPooling.Pool(TokenRows(chosen, mask), mask, config.Pooling);

        // Where token rows are the answer, normalising sees their padding too. The rehearsal notices that and lets
        // only documents of equal length share a forward.
        var embedding = config.NormalizeResult ? TokenPooling.Normalize(vectors) : vectors;
        var isWhole = config.Format == ModelFormat.Onnx || embedding.dim() > 2;
        return new NamedTensor(SentenceEmbedding, isWhole ? embedding : embedding.unsqueeze(1));
    }

    /// <summary>Position of the output that becomes the embedding.</summary>
    /// <param name="names">Names of the outputs, null where they have none; at least one.</param>
    public static int Choose(IReadOnlyList<string?> names, PoolingMode mode)
    {
        string[] wanted = mode == PoolingMode.None ? [SentenceEmbedding, PoolerOutput] : [LastHiddenState];
        foreach (var name in wanted)
        {
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i] == name)
                {
                    return i;
                }
            }
        }

        // The second output of a transformer without names is its pooled one.
        return mode == PoolingMode.None ? Math.Min(1, names.Count - 1) : 0;
    }

    private static torch.Tensor AsItIs(torch.Tensor output, torch.Tensor mask)
    {
        if (output.dim() == 0 || output.shape[0] != mask.shape[0])
        {
            throw Unfit(output, mask, "pooling_mode none needs one row a document");
        }

        var rows = output.to_type(torch.ScalarType.Float32);
        return rows.dim() == 1 ? rows.unsqueeze(1) : rows;
    }

    private static torch.Tensor TokenRows(torch.Tensor hidden, torch.Tensor mask) =>
        hidden.dim() == 3 && hidden.shape[0] == mask.shape[0] && hidden.shape[1] == mask.shape[1]
            ? hidden
            : throw Unfit(hidden, mask, "pooling needs [batch, tokens, hidden]");

    private static InferenceException Unfit(torch.Tensor output, torch.Tensor mask, string needed) => new(
        $"the model gave [{string.Join(", ", output.shape)}] for input_ids of [{string.Join(", ", mask.shape)}]; "
        + needed);
}
