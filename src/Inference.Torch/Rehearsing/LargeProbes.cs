using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Batches as large as serving makes them: a graph may branch on length or rows beyond what is small.</summary>
/// <param name="Tokens">About so many tokens each: rows × width.</param>
/// <param name="EqualLengths">One of long documents, one of as many short ones as fit.</param>
/// <param name="Padded">The long ones with a shorter one among them, by no more than serving pads.</param>
internal sealed record LargeProbes(int Tokens, IReadOnlyList<TokenRow[]> EqualLengths, TokenRow[] Padded)
{
    /// <summary>Tokens of a forward as serving is shipped (<c>max-tokens-per-forward</c>).</summary>
    public const int ServingTokens = 1024;

    /// <summary>Tokens that a slow model's batches have, so that its rehearsal ends in time.</summary>
    public const int SlowModelTokens = 256;

    /// <summary>A forward of <see cref="ServingTokens"/> of a slow model takes longer than that.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private const int Longest = 512;
    private const int Padding = 16;

    /// <summary>
    /// Different short documents, which come again and again: a prime, so that no buffer of 64 rows or the like hides
    /// behind their turns, and few, as each runs alone too.
    /// </summary>
    private const int ShortDocuments = 37;

    /// <summary>Makes them for a model whose longest document took this long alone.</summary>
    public static LargeProbes For(ProbeText text, TimeSpan longestAlone)
    {
        var forward = longestAlone * ((double)ServingTokens / text.MaxLength);
        return For(text, forward > Slow ? SlowModelTokens : ServingTokens);
    }

    /// <summary>Makes batches of about so many tokens, and of two rows at least.</summary>
    private static LargeProbes For(ProbeText text, int tokens)
    {
        var length = Math.Min(Math.Min(text.MaxLength, Longest), tokens / 2);
        TokenRow[] longOnes = [.. Enumerable.Range(0, tokens / length).Select(variant => text.Document(length, variant))];
        var shortLength = Math.Min(BatchPlanner.LeastWidth, length);
        TokenRow[] shortOnes = [.. Enumerable.Range(0, ShortDocuments).Select(v => text.Document(shortLength, v))];
        return new LargeProbes(
            tokens,
            [longOnes, [.. Enumerable.Range(0, tokens / shortLength).Select(row => shortOnes[row % ShortDocuments])]],
            [.. longOnes.SkipLast(1), text.Document(Math.Max(BatchPlanner.LeastWidth, length - Padding), variant: 0)]);
    }
}
