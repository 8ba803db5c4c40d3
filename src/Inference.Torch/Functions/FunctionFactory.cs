using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>Makes the function that a registration names.</summary>
internal static class FunctionFactory
{
    /// <summary>Reads the tokenizer and what else the function needs beside the model.</summary>
    /// <exception cref="ModelFormatException">A file cannot be served.</exception>
    public static ModelFunction Load(ModelPackage package)
    {
        var config = package.Config;
        return config.Function switch
        {
            FunctionKind.TextEmbedding => new TextEmbeddingFunction(TokenizerEncoder.Load(package), config),
            FunctionKind.TextSimilarity => new TextSimilarityFunction(TokenizerEncoder.Load(package, pair: true)),
            FunctionKind.SparseEncoding =>
                new SparseEncodingFunction(TokenizerEncoder.Load(package, texts: TokenTexts.Decoded)),
            FunctionKind.SparseTokenize => new SparseTokenizeFunction(
                TokenizerEncoder.Load(package, texts: TokenTexts.Decoded), IdfTable.Beside(package.TokenizerFile)),
            FunctionKind.QuestionAnswering => new QuestionAnsweringFunction(
                TokenizerEncoder.Load(package, pair: true, TokenTexts.Spelled)),
            FunctionKind.SentenceHighlighting => Highlighting(package),
            var other => throw new ArgumentOutOfRangeException(nameof(package), other, "not a function"),
        };
    }

    // Its windows say how long a row is; tokenizer.json has no say in that.
    private static SentenceHighlightingFunction Highlighting(ModelPackage package)
    {
        var windows = package.Config.Windows;
        var encoder = TokenizerEncoder.OfLength(package, windows.MaxTokens);
        var room = windows.MaxTokens - encoder.Tokenizer.PairSpecialTokenCount;
        return windows.Stride < room
            ? new SentenceHighlightingFunction(encoder, windows)
            : throw new ModelFormatException(
                $"token_overlap_stride {windows.Stride} is not less than the {room} tokens that token_max_length "
                + $"{windows.MaxTokens} leaves for texts");
    }
}
