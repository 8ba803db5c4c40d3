namespace MlCluster.Inference.Tokenization.PostProcessing;

/// <summary>Takes white space at the ends of tokens out of their offsets.</summary>
/// <param name="SpaceWasAdded">True: one space before the first token is the pre-tokenizer's, not the text's.</param>
internal sealed record OffsetTrimming(bool SpaceWasAdded)
{
    /// <summary>The offsets of a token without its white space.</summary>
    /// <param name="isFirst">True for the first token of what is kept of the text.</param>
    public TextRange Apply(TokenPlace place, bool isFirst)
    {
        var (start, end) = place.Range;
        var isAdded = SpaceWasAdded && place.Leading == 1 && (isFirst || start == 0);
        start = Math.Min(start + (isAdded ? 0 : place.Leading), end);
        return new TextRange(start, end >= place.Trailing ? Math.Max(end - place.Trailing, start) : end);
    }
}
