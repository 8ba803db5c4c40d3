namespace MlCluster.Inference.Tokenization.PostProcessing;

/// <summary>Cuts the tokens of one or two texts and puts them into the template.</summary>
internal sealed record PairEncoder(Template Template, Truncation? Truncation, bool AddSpecialTokens)
{
    /// <summary>Builds the encoding, with its overflow where that is wanted.</summary>
    /// <exception cref="InferenceException">The texts cannot be cut so.</exception>
    public TokenEncoding Encode(TokenSequence first, TokenSequence? second, bool withOverflow)
    {
        var (a, b) = Chunks(first, second, withOverflow);
        var encoding = Build(a[0], b?[0]);
        return encoding with { Overflow = [.. Overflow(a, b).Select(o => Build(o.First, o.Second))] };
    }

    private TokenEncoding Build(SequencePart first, SequencePart? second) =>
        EncodingBuilder.Build(Template, first, second, AddSpecialTokens);

    // The reference's order: every cut-off chunk of the first text with all of the second's, then the kept one.
    private static IEnumerable<(SequencePart First, SequencePart? Second)> Overflow(
        IReadOnlyList<SequencePart> first, IReadOnlyList<SequencePart>? second)
    {
        var cutOff = first.Skip(1);
        return second is null
            ? cutOff.Select(static a => (a, (SequencePart?)null))
            : cutOff.SelectMany(a => second.Select(b => (a, (SequencePart?)b)))
                .Concat(second.Skip(1).Select(b => (first[0], (SequencePart?)b)));
    }

    private (IReadOnlyList<SequencePart> First, IReadOnlyList<SequencePart>? Second) Chunks(
        TokenSequence first, TokenSequence? second, bool withOverflow)
    {
        if (Truncation is null)
        {
            return (Parts(first, [Range.All]), second is null ? null : Parts(second, [Range.All]));
        }

        var specials = !AddSpecialTokens ? 0 : second is null ? Template.SingleSpecials : Template.PairSpecials;
        var kept = Truncation.Share(first.Ids.Length, second?.Ids.Length, Truncation.MaxLength - specials);
        return (Cut(first, kept.First, withOverflow), second is null ? null : Cut(second, kept.Second, withOverflow));
    }

    private SequencePart[] Cut(TokenSequence sequence, int kept, bool withOverflow)
    {
        var length = sequence.Ids.Length;
        IReadOnlyList<Range> ranges =
            withOverflow ? Truncation!.Chunks(length, kept) : [Truncation!.Kept(length, kept)];
        return Parts(sequence, ranges);
    }

    private static SequencePart[] Parts(TokenSequence sequence, IReadOnlyList<Range> ranges) =>
        [.. ranges.Select((range, index) => new SequencePart(sequence, range, IsOverflow: index > 0))];
}
