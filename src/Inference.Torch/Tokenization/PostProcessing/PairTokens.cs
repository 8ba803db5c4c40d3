namespace MlCluster.Inference.Tokenization.PostProcessing;

/// <summary>A pair of texts as a model wants it; both arrays have one entry a token.</summary>
/// <param name="Ids">Vocabulary ids, special tokens included.</param>
/// <param name="TypeIds">Segment of each token.</param>
internal sealed record PairTokens(int[] Ids, int[] TypeIds)
{
    /// <summary>Puts two texts' tokens into a template.</summary>
    public static PairTokens Of(Template template, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var count = first.Length + second.Length + template.PairSpecials;
        var (ids, types) = (new List<int>(count), new List<int>(count));
        foreach (var piece in template.Pair)
        {
            if (piece.SpecialIds is { } specials)
            {
                ids.AddRange(specials);
            }
            else
            {
                ids.AddRange(piece.IsSecond ? second : first);
            }

            types.AddRange(Enumerable.Repeat(piece.TypeId, ids.Count - types.Count));
        }

        return new PairTokens([.. ids], [.. types]);
    }
}
