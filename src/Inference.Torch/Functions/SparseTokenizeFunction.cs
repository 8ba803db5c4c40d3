using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>SPARSE_TOKENIZE: the weights of a text's own tokens, out of a table; there is no model.</summary>
/// <remarks>Source: https://github.com/opensearch-project/ml-commons, class SparseTokenizerModel.</remarks>
internal sealed class SparseTokenizeFunction(TokenizerEncoder encoder, IdfTable idf) : ModelFunction(encoder)
{
    /// <inheritdoc/>
    public override IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline) =>
        [new TokenRow(Encoder.Encode(input.Texts[index], deadline))];

    /// <inheritdoc/>
    public override DocumentOutput Answer(
        PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows)
    {
        var weights = new SparseWeights(encoder.Tokens, input.Input.Format);
        foreach (var id in rows[0].Row.Ids.Distinct())
        {
            if (encoder.Tokens.WordOf(id) is { Length: > 0 } word)
            {
                weights.Add(id, idf.WeightOf(word));
            }
        }

        // The one output has no name: a filter by name leaves nothing.
        return new DocumentOutput(
            wanted.Keeps(name: null, position: 0) ? [OutputTensor.Of(name: null, weights.ToContent())] : []);
    }
}
