namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>A text-to-text step of tokenizer.json; immutable.</summary>
internal interface INormalizer
{
    /// <summary>Appends the normalized form of well-formed text.</summary>
    void Normalize(ReadOnlySpan<char> text, CharBuffer output);
}
