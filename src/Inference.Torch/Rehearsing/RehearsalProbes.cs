using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Documents that a rehearsal runs: ordinary text of chosen lengths, each with different contents.</summary>
/// <param name="Alone">By length, ascending; the last has the most tokens that the tokenizer lets through.</param>
/// <param name="EqualLengths">Batches whose documents have one length each.</param>
/// <param name="UnlikeLengths">Batches that need padding, little and much.</param>
internal sealed record RehearsalProbes(
    IReadOnlyList<TokenRow> Alone, IReadOnlyList<TokenRow[]> EqualLengths, IReadOnlyList<TokenRow[]> UnlikeLengths)
{
    private const string Text =
        "A lighthouse keeper counts the ships that pass before noon and writes their names into a green book. "
        + "On stormy days nobody sails, so she repairs nets, bakes bread with rye and reads about distant harbours. "
        + "Her brother sends letters from the mountains: snow fell early, the goats are well, 27 cheeses are ripening. "
        + "Why would anyone move to the city, he asks, when every morning here begins with silence?";

    /// <summary>
    /// Rows of the largest batch: enough to tell a model that takes several from one that takes a few.
    /// </summary>
    private const int ManyRows = 33;

    /// <summary>Longest document that takes part in a batch; longer ones seldom share a forward.</summary>
    private const int LongestInBatch = 96;

    /// <summary>Makes the documents that fit the tokenizer's limit.</summary>
    public static RehearsalProbes For(ModelFunction function)
    {
        var source = Enough(function.Encoder);
        var most = source.Length;
        int Fit(int length) => Math.Min(length, most);
        TokenRow Make(int length, int variant) => function.Row(Cut(source, Fit(length), variant));

        var (brief, middle, close, extended) = (Make(4, 0), Make(18, 1), Make(17, 2), Make(LongestInBatch, 3));
        TokenRow[] alone = [brief, Make(9, 4), close, middle, extended, Make(most, 5)];
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

    /// <summary>An ordinary document of at most <paramref name="length"/> tokens.</summary>
    public static TokenRow Document(ModelFunction function, int length)
    {
        var source = function.Encoder.Encode(Text, TextDeadline.None);
        return function.Row(Cut(source, Math.Min(length, source.Length), variant: 0));
    }

    /// <summary>The text, repeated until the tokenizer cuts it off.</summary>
    private static int[] Enough(ITextEncoder encoder)
    {
        var once = encoder.Encode(Text, TextDeadline.None);
        if (once.Length == 0)
        {
            throw new ModelFormatException("the tokenizer gives no tokens for ordinary text");
        }

        var times = (encoder.MaxLength / once.Length) + 2;
        return encoder.Encode(string.Join(' ', Enumerable.Repeat(Text, times)), TextDeadline.None);
    }

    /// <summary>
    /// A document of a given length: the special tokens at both ends, between them a run of the text.
    /// </summary>
    private static int[] Cut(int[] source, int length, int variant)
    {
        if (length < 3 || source.Length < 3)
        {
            return source[..length];
        }

        var inner = source.AsSpan(1, source.Length - 2);
        var document = new int[length];
        document[0] = source[0];
        document[^1] = source[^1];
        for (var i = 1; i < length - 1; i++)
        {
            document[i] = inner[((variant * 7) + i - 1) % inner.Length];
        }

        return document;
    }
}
