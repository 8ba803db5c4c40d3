using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>SPARSE_ENCODING: a model's row over the vocabulary becomes the weights that are not zero.</summary>
/// <remarks>Source: https://github.com/opensearch-project/ml-commons, class SparseEncodingTranslator.</remarks>
internal sealed class SparseEncodingFunction(TokenizerEncoder encoder) : ModelFunction(encoder)
{
    /// <inheritdoc/>
    public override IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline) =>
        [new TokenRow(Encoder.Encode(input.Texts[index], deadline))];

    /// <inheritdoc/>
    /// <remarks>Weights are an answer also for callers that want no numbers of tensors.</remarks>
    public override OutputFilter Needs(OutputFilter wanted) => wanted with { IncludeData = true };

    /// <inheritdoc/>
    public override DocumentOutput Answer(
        PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows) =>
        new([.. rows[0].Output.Tensors.Select(output => OutputTensor.Of(output.Name, Weights(output, input.Input)))]);

    private TokenWeights Weights(OutputTensor output, PredictionInput input)
    {
        var weights = new SparseWeights(encoder.Tokens, input.Format);
        var values = FloatOutput.Read(output);
        for (var id = 0; id < values.Length; id++)
        {
            if (values[id] != 0)
            {
                weights.Add(id, values[id]);
            }
        }

        return weights.ToContent();
    }
}
