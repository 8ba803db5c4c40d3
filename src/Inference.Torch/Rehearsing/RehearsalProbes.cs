using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Documents that a rehearsal runs: ordinary text of chosen lengths, each with different contents.</summary>
/// <param name="Alone">By length, ascending; the last has the most tokens that the tokenizer lets through.</param>
/// <param name="EqualLengths">Batches whose documents have one length each.</param>
/// <param name="UnlikeLengths">Batches that need padding, little and much.</param>
internal sealed record RehearsalProbes(
    IReadOnlyList<TokenRow> Alone, IReadOnlyList<TokenRow[]> EqualLengths, IReadOnlyList<TokenRow[]> UnlikeLengths)
{
    /// <summary>
    /// Rows of the largest of these batches: enough to tell a model that takes several from one that takes a few.
    /// </summary>
    private const int ManyRows = 33;

    /// <summary>Longest document of these batches; <see cref="LargeProbes"/> go on from there.</summary>
    private const int LongestInBatch = 96;

    /// <summary>Makes the documents that fit the tokenizer's limit.</summary>
    public static RehearsalProbes For(ProbeText text)
    {
        TokenRow Make(int length, int variant) => text.Document(length, variant);

        var (brief, middle, close, extended) = (Make(4, 0), Make(18, 1), Make(17, 2), Make(LongestInBatch, 3));
        TokenRow[] alone = [brief, Make(9, 4), close, middle, extended, Make(text.MaxLength, 5)];
        return new RehearsalProbes(
            [.. alone.DistinctBy(document => document.Length).OrderBy(document => document.Length)],
            [
                [middle, Make(18, 6)],
                [Make(18, 7), middle, Make(18, 6)],
                [.. Enumerable.Range(8, ManyRows).Select(variant => Make(6, variant))],
            ],
            [
                [middle, close],
                [brief, extended, middle],
                [extended, close, brief, Make(12, 9), middle],
            ]);
    }
}
