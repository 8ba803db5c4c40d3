namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Cuts at the matches of a pattern; a behaviour says where a match itself goes.</summary>
internal sealed class PatternPreTokenizer : IPreTokenizer
{
    private readonly ISplitPattern _pattern;
    private readonly SplitBehavior _behavior;
    private readonly bool _invert;
    private readonly WordSplitter _split;

    public PatternPreTokenizer(ISplitPattern pattern, SplitBehavior behavior, bool invert)
    {
        _pattern = pattern;
        _behavior = behavior;
        _invert = invert;
        _split = Split;
    }

    /// <inheritdoc/>
    public void Apply(PreTokenizedText text) => text.Split(_split);

    private void Split(ReadOnlySpan<char> text, int offset, List<Word> output)
    {
        var parts = new List<SplitPart>();
        _pattern.FindParts(text, parts);
        if (_invert)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                parts[i] = parts[i] with { IsMatch = !parts[i].IsMatch };
            }
        }

        foreach (var (start, end, _) in Splitting.Arrange(parts, _behavior))
        {
            PreTokenizedText.AddTo(output, offset + start, end - start);
        }
    }
}
