using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>TEXT_EMBEDDING: a text, with the prefix of its role where the model has such, becomes a vector.</summary>
/// <remarks>
/// Source: https://github.com/opensearch-project/ml-commons, class TextEmbeddingDenseModel; the refusals are its words.
/// </remarks>
internal sealed class TextEmbeddingFunction(ITextEncoder encoder, FunctionConfig? config = null)
    : ModelFunction(encoder)
{
    private readonly bool _asymmetric = config?.IsAsymmetric ?? false;
    private readonly bool _takesTypes = config?.TakesTypes ?? false;

    /// <inheritdoc/>
    public override void Check(PredictionInput input)
    {
        if (_asymmetric && input.Role is null)
        {
            throw new RequestRefusedException(
                "The embedding model chosen is asymmetric. To use it, you must declare whether the input is of type "
                + "`QUERY` or of type `PASSAGE`. Send \"parameters\":{\"content_type\":\"query\"} or \"passage\".");
        }

        if (!_asymmetric && input.Role is not null)
        {
            throw new RequestRefusedException(
                "When passing AsymmetricTextEmbeddingParameters, the model requires to be registered with at least one "
                + "of `query_prefix` or `passage_prefix`.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline)
    {
        var prefix = input.Input.Role switch
        {
            TextRole.Query => config?.QueryPrefix,
            TextRole.Passage => config?.PassagePrefix,
            _ => null,
        };
        return [Row(Encoder.Encode(prefix + input.Texts[index], deadline))];
    }

    /// <inheritdoc/>
    /// <remarks>All tokens of one text are of type 0.</remarks>
    public override TokenRow Row(int[] ids) => new(ids)
    {
        Columns = _takesTypes ? [new TokenColumn(new int[ids.Length], Pad: 0)] : [],
    };
}
