namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Cuts at the matches of a pattern; a behaviour says where a match itself goes.</summary>
internal sealed class PatternPreTokenizer(ISplitPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    /// <inheritdoc/>
    public bool MayBacktrack => pattern.MayBacktrack;

    /// <inheritdoc/>
    public void Apply(PreTokenizedText text) =>
        text.Split((word, offset, output) => Split(word, offset, output, text.Deadline));

    private void Split(ReadOnlySpan<char> text, int offset, List<Word> output, TextDeadline deadline)
    {
        var parts = new List<SplitPart>();
        pattern.FindParts(text, parts, deadline);
        if (invert)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                parts[i] = parts[i] with { IsMatch = !parts[i].IsMatch };
            }
        }

        foreach (var (start, end, _) in Splitting.Arrange(parts, behavior))
        {
            PreTokenizedText.AddTo(output, offset + start, end - start);
        }
    }
}
