namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>A step of tokenizer.json that cuts normalized text into words; immutable.</summary>
/// <remarks>It may rewrite <see cref="PreTokenizedText.Chars"/>, as byte-level tokenizers do.</remarks>
internal interface IPreTokenizer
{
    /// <summary>True when words at the start of the input are treated otherwise than the rest.</summary>
    bool LooksAtStart => false;

    /// <summary>True when a pattern of it may take a text up to its deadline.</summary>
    bool MayBacktrack => false;

    /// <summary>Cuts the words of a text further.</summary>
    void Apply(PreTokenizedText text);
}

/// <summary>Pre-tokenizers in a row.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    /// <inheritdoc/>
    public bool LooksAtStart => steps.Any(static s => s.LooksAtStart);

    /// <inheritdoc/>
    public bool MayBacktrack => steps.Any(static s => s.MayBacktrack);

    /// <inheritdoc/>
    public void Apply(PreTokenizedText text)
    {
        foreach (var step in steps)
        {
            text.Deadline.Check();
            step.Apply(text);
        }
    }
}
