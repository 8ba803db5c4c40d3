using CsCheck;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>What holds of byte-level BPE and Unigram for any UTF-16 text, well-formed or not.</summary>
public sealed class SmallTokenizerProperties
{
    private static readonly HuggingFaceTokenizer[] Tokenizers =
    [
        SmallTokenizers.ByteLevelBpe(),
        SmallTokenizers.ByteLevelBpe(addPrefixSpace: true),
        SmallTokenizers.Unigram(),
        SmallTokenizers.Unigram(""","prepend_scheme":"first","split":false"""),
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char.Select(static c => c.ToString()),
        Gen.Char['\uD7FF', '\uE001'].Select(static c => c.ToString()),
        Gen.Char[' ', '~'].Select(static c => c.ToString()),
        Gen.Int[0, 7].Select(static i => ((string[])["hello", " ", "ab", "字", "<mask>", "'s", "▁", "😀"])[i]))
        .List[0, 40].Select(static parts => string.Concat(parts));

    private static readonly Gen<HuggingFaceTokenizer> Any =
        Gen.Int[0, Tokenizers.Length - 1].Select(i => Tokenizers[i]);

    [Fact]
    public void EncodeIds_AnyText_IsTheStartOfTheWholeEncoding() =>
        Gen.Select(Texts, Any, Gen.Int[4, 60]).Sample(
            static (text, tokenizer, maxLength) =>
            {
                var ids = tokenizer.EncodeIds(text, maxLength);

                var whole = tokenizer.Encode(text);
                Assert.InRange(ids.Length, 2, maxLength);
                Assert.Equal(Math.Min(whole.Length, maxLength), ids.Length);
                Assert.Equal(whole.Ids[..(ids.Length - 1)], ids[..^1]);
                Assert.All(ids, static id => Assert.InRange(id, 0, 300));
            },
            iter: 5000);

    [Fact]
    public void Encode_AnyText_WordsFollowOneAnother() =>
        Gen.Select(Texts, Any).Sample(
            static (text, tokenizer) =>
            {
                var words = tokenizer.Encode(text).WordIds.OfType<int>().ToList();

                Assert.Equal(words.Order(), words);
                Assert.Equal(Enumerable.Range(0, words.Distinct().Count()), words.Distinct());
            },
            iter: 3000);

    [Fact]
    public void Encode_AnyText_OffsetsAreInItAndNeverGoBack() =>
        Gen.Select(Texts, Any).Sample(
            static (text, tokenizer) =>
            {
                var encoding = tokenizer.Encode(text, addSpecialTokens: false);

                var length = text.EnumerateRunes().Count();
                Assert.All(encoding.Offsets, offsets => Assert.InRange(offsets.Start, 0, offsets.End));
                Assert.All(encoding.Offsets, offsets => Assert.InRange(offsets.End, 0, length));

                // A token of nothing but a space has no offsets of its own: it is trimmed to nothing.
                var parts = encoding.Offsets.Where(static o => o.Start < o.End).ToList();
                Assert.Equal(parts.Select(static o => o.Start).Order(), parts.Select(static o => o.Start));
                Assert.Equal(parts.Select(static o => o.End).Order(), parts.Select(static o => o.End));
            },
            iter: 3000);

    [Fact]
    public void Encode_OneWordOfTwoHundredThousandCharacters_EndsSoon()
    {
        string[] units = ["a", "字", "hello", "é", "\u0301", "!", "😀", "\uD800", " ", "\n", "<mask", "'s", "▁"];
        foreach (var unit in units)
        {
            var text = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
            foreach (var tokenizer in Tokenizers)
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                Assert.NotEmpty(tokenizer.Encode(text).Ids);
                Assert.InRange(tokenizer.EncodeIds(text, 512).Length, 2, 512);
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            }
        }
    }
}
