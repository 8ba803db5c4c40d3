using MlCluster.Inference.Functions;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Ordinary text, tokenised, of which documents of chosen lengths are cut.</summary>
internal sealed class ProbeText
{
    private const string Text =
        "A lighthouse keeper counts the ships that pass before noon and writes their names into a green book. "
        + "On stormy days nobody sails, so she repairs nets, bakes bread with rye and reads about distant harbours. "
        + "Her brother sends letters from the mountains: snow fell early, the goats are well, 27 cheeses are ripening. "
        + "Why would anyone move to the city, he asks, when every morning here begins with silence?";

    private readonly ModelFunction _function;
    private readonly int[] _ids;

    private ProbeText(ModelFunction function, int[] ids) => (_function, _ids) = (function, ids);

    /// <summary>Tokens of the longest document: what the tokenizer lets through.</summary>
    public int MaxLength => _ids.Length;

    /// <summary>Repeats the text until the tokenizer cuts it off.</summary>
    /// <exception cref="ModelFormatException">The tokenizer gives no tokens for it.</exception>
    public static ProbeText For(ModelFunction function)
    {
        var encoder = function.Encoder;
        var once = encoder.Encode(Text, TextDeadline.None);
        if (once.Length == 0)
        {
            throw new ModelFormatException("the tokenizer gives no tokens for ordinary text");
        }

        var times = (encoder.MaxLength / once.Length) + 2;
        return new ProbeText(
            function, encoder.Encode(string.Join(' ', Enumerable.Repeat(Text, times)), TextDeadline.None));
    }

    /// <summary>An ordinary document of at most <paramref name="length"/> tokens, of the text once.</summary>
    public static TokenRow Document(ModelFunction function, int length) =>
        new ProbeText(function, function.Encoder.Encode(Text, TextDeadline.None)).Document(length, variant: 0);

    /// <summary>A document of a given length, or the longest; each variant has other contents.</summary>
    public TokenRow Document(int length, int variant) =>
        _function.Row(Cut(_ids, Math.Min(length, MaxLength), variant));

    /// <summary>The special tokens at both ends, between them a run of the text.</summary>
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
