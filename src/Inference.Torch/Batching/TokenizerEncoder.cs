using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>A tokenizer.json with the length that a model's registration leaves it.</summary>
internal sealed class TokenizerEncoder : ITextEncoder
{
    private TokenizerEncoder(HuggingFaceTokenizer tokenizer, int maxLength)
    {
        Tokenizer = tokenizer;
        MaxLength = maxLength;
    }

    /// <summary>The tokenizer itself.</summary>
    public HuggingFaceTokenizer Tokenizer { get; }

    /// <summary>Texts of tokens; the tokenizer was loaded with them.</summary>
    public TokenTable Tokens => Tokenizer.Tokens ?? throw new InvalidOperationException("loaded without tokens");

    /// <inheritdoc/>
    public int PadId => Tokenizer.PadId;

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <inheritdoc/>
    public bool MayBacktrack => Tokenizer.MayBacktrack;

    /// <summary>Reads a package's tokenizer.</summary>
    /// <remarks>model_max_length of sentence_transformers types does not reach it (contract 12.5).</remarks>
    /// <param name="pair">True: the length is that of a pair.</param>
    /// <param name="texts">Which texts of tokens are wanted.</param>
    /// <exception cref="ModelFormatException">It is not a tokenizer.json that can be served.</exception>
    public static TokenizerEncoder Load(ModelPackage package, bool pair = false, TokenTexts texts = TokenTexts.None)
    {
        var tokenizer = Read(package, texts);
        var limit = package.Config.TakesMaxLength ? package.Config.ModelMaxLength : null;
        return new TokenizerEncoder(tokenizer, tokenizer.InferenceMaxLength(limit, pair));
    }

    /// <summary>Reads a package's tokenizer for rows of a length that is not its own affair.</summary>
    /// <exception cref="ModelFormatException">It is not one, or the length leaves no room for text.</exception>
    public static TokenizerEncoder OfLength(ModelPackage package, int maxLength)
    {
        var tokenizer = Read(package, TokenTexts.None);
        return maxLength > tokenizer.PairSpecialTokenCount
            ? new TokenizerEncoder(tokenizer, maxLength)
            : throw new ModelFormatException(
                $"a length of {maxLength} leaves no room beside {tokenizer.PairSpecialTokenCount} special tokens");
    }

    /// <inheritdoc/>
    public int[] Encode(string text, TextDeadline deadline) => Tokenizer.EncodeIds(text, MaxLength, deadline);

    private static HuggingFaceTokenizer Read(ModelPackage package, TokenTexts texts)
    {
        using var file = File.OpenRead(package.TokenizerFile);
        return HuggingFaceTokenizer.Load(file, texts);
    }
}
