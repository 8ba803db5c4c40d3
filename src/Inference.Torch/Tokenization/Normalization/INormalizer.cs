namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>A text-to-text step of tokenizer.json; immutable.</summary>
internal interface INormalizer
{
    /// <summary>True when what comes out may begin at a later place of the text than its start.</summary>
    bool MayDropStart => false;

    /// <summary>True when a pattern of it may take a text up to its deadline.</summary>
    bool MayBacktrack => false;

    /// <summary>Appends the normalized form of well-formed text.</summary>
    /// <remarks>Tells the output the <see cref="CharBuffer.Source"/> of everything, as a place in the text.</remarks>
    /// <exception cref="TokenizerTimeoutException">The output's deadline has come.</exception>
    void Normalize(ReadOnlySpan<char> text, CharBuffer output);
}
