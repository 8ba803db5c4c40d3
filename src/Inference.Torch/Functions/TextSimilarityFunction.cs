using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Functions;

/// <summary>TEXT_SIMILARITY: a cross-encoder scores a query with each document.</summary>
/// <remarks>Source: https://github.com/opensearch-project/ml-commons, class TextSimilarityTranslator.</remarks>
internal sealed class TextSimilarityFunction(TokenizerEncoder encoder) : PairFunction(encoder, withTypes: true)
{
    private const string Similarity = "similarity";

    /// <inheritdoc/>
    public override void Check(PredictionInput input)
    {
        if (input.Query is null)
        {
            throw new RequestRefusedException("No query text was provided");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Whatever the caller filters: OpenSearch does not either.</remarks>
    public override OutputFilter Needs(OutputFilter wanted) => OutputFilter.All;

    /// <inheritdoc/>
    /// <remarks>The model's first output, as it is.</remarks>
    public override DocumentOutput Answer(
        PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows)
    {
        var score = rows[0].Output.Tensors[0];
        return new DocumentOutput([score with { Name = Similarity, Shape = score.Shape is [] ? [1] : score.Shape }]);
    }
}
