using MlCluster.Inference;
using MlCluster.Messages.Inference;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Turns what travels between nodes into what the engine takes, and its answers back.</summary>
internal static class PredictWords
{
    /// <summary>What the engine is asked.</summary>
    public static PredictionInput InputOf(PredictRequest request) => new(request.Texts)
    {
        Query = request.Query,
        Role = request.Role switch
        {
            DocumentRole.Query => TextRole.Query,
            DocumentRole.Passage => TextRole.Passage,
            _ => null,
        },
        Format = request.Format == TokenFormat.TokenId ? SparseFormat.TokenId : SparseFormat.Word,
    };

    /// <summary>What travels back.</summary>
    /// <remarks>The numbers of both enums are OpenSearch's element types.</remarks>
    public static TensorPayload PayloadOf(OutputTensor tensor) => new(
        tensor.Name,
        (TensorDataType)(int)tensor.DataType,
        tensor.Shape,
        tensor.Data,
        tensor.Content is { } content ? ContentOf(content) : null);

    private static TensorContent ContentOf(OutputContent content) => content switch
    {
        TokenWeights weights => new TensorContent(Weights: new TokenWeightList(weights.Tokens, weights.Weights)),
        AnswerText answer => new TensorContent(Text: answer.Text),
        HighlightedSentences highlights => new TensorContent(
            Highlights: new HighlightList([.. highlights.Sentences.Select(HighlightOf)])),
        _ => throw new InvalidOperationException($"{content.GetType().Name} has no form that travels"),
    };

    private static Highlight HighlightOf(HighlightedSentence sentence) =>
        new(sentence.Text, sentence.Position, sentence.Start, sentence.End);
}
