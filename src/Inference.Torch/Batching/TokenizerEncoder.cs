using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>A tokenizer.json with the length that a model's registration leaves it.</summary>
internal sealed class TokenizerEncoder : ITextEncoder
{
    private readonly HuggingFaceTokenizer _tokenizer;

    private TokenizerEncoder(HuggingFaceTokenizer tokenizer, int maxLength)
    {
        _tokenizer = tokenizer;
        MaxLength = maxLength;
    }

    /// <inheritdoc/>
    public int PadId => _tokenizer.PadId;

    /// <inheritdoc/>
    public int MaxLength { get; }

    /// <summary>Reads a package's tokenizer.</summary>
    /// <remarks>model_max_length reaches the tokenizer of huggingface types only (contract 12.5).</remarks>
    /// <exception cref="ModelFormatException">It is not a tokenizer.json that can be served.</exception>
    public static TokenizerEncoder Load(ModelPackage package)
    {
        using var file = File.OpenRead(package.TokenizerFile);
        var tokenizer = HuggingFaceTokenizer.Load(file);
        var config = package.Config;
        var limit = config.Framework == FrameworkType.HuggingfaceTransformers ? config.ModelMaxLength : null;
        return new TokenizerEncoder(tokenizer, tokenizer.InferenceMaxLength(limit));
    }

    /// <inheritdoc/>
    public int[] Encode(string text, TextDeadline deadline) => _tokenizer.EncodeIds(text, MaxLength, deadline);
}
