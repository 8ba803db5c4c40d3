using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>What holds for any UTF-16 text, well-formed or not.</summary>
public sealed class TokenizationProperties
{
    private static readonly string[] Configs = Array.FindAll(
    [
        "base", "norm_bert", "norm_nfkc", "norm_sequence", "norm_replace_regex", "pre_bert", "pre_whitespace",
        "pre_split_regex_MergedWithNext_True", "pre_sequence", "added", "roberta",
    ],
        ReferenceVectors.Small.CanLoad);

    // Surrogates, marks, white space and added tokens more often than chance would bring them.
    private static readonly Gen<string> Pieces = Gen.OneOf(
        Gen.Char.Select(static c => c.ToString()),
        Gen.Char['\uD7FF', '\uE001'].Select(static c => c.ToString()),
        Gen.Char['\u0300', '\u0310'].Select(static c => c.ToString()),
        Gen.Char[' ', '~'].Select(static c => c.ToString()),
        OneOf("[CLS]", "[MASK", "<lr>", " <l>", "foo bar", "É", "한", "\uFFFE", "\u3000", "😀", "abc"));

    private static readonly Gen<string> Texts = Pieces.List[0, 40].Select(static p => string.Concat(p));

    [Fact]
    public void EncodeIds_AnyText_StaysInVocabularyAndLength() =>
        Gen.Select(Texts, OneOf(Configs), Gen.Int[4, 60]).Sample(
            static (text, config, maxLength) =>
            {
                var ids = ReferenceVectors.Small.Tokenizer(config).EncodeIds(text, maxLength);

                Assert.InRange(ids.Length, 2, maxLength);
                Assert.All(ids, static id => Assert.InRange(id, 0, 1000));
            },
            iter: 3000);

    [Fact]
    public void EncodeIds_AnyText_IsTheStartOfTheWholeEncoding() =>
        Gen.Select(Texts, OneOf(Configs), Gen.Int[4, 60]).Sample(
            static (text, config, maxLength) =>
            {
                var tokenizer = ReferenceVectors.Small.Tokenizer(config);

                var ids = tokenizer.EncodeIds(text, maxLength);

                var whole = tokenizer.Encode(text).Ids;
                Assert.Equal(whole[..Math.Min(ids.Length - 1, whole.Length - 1)], ids[..^1]);
            },
            iter: 3000);

    [Fact]
    public void EncodeIds_AnyTextCutOnTheLeft_IsTheEndOfTheWholeEncoding()
    {
        var cutsLeft = Configs.ToDictionary(config => config, CutsLeft);
        Gen.Select(Texts, OneOf(Configs), Gen.Int[4, 60]).Sample(
            (text, config, maxLength) =>
            {
                var ids = cutsLeft[config].EncodeIds(text, maxLength);

                var whole = ReferenceVectors.Small.Tokenizer(config).Encode(text).Ids;
                Assert.Equal(Math.Min(whole.Length, maxLength), ids.Length);
                Assert.Equal(whole[^(ids.Length - 1)..], ids[1..]);
            },
            iter: 3000);
    }

    [Fact]
    public void Encode_AnyPairTruncated_LosesNoToken() =>
        Gen.Select(Texts, Texts, OneOf("trunc_9_Left_0", "trunc_9_Right_0", "post_null_trunc")).Sample(
            static (text, pair, config) =>
            {
                var single = ReferenceVectors.Small.Tokenizer(config).Encode(text, withOverflow: true);
                var both = ReferenceVectors.Small.Tokenizer(config).Encode(text, pair);

                Assert.InRange(both.Length, 0, 10);
                var words = single.Overflow.Append(single).SelectMany(static e => e.WordIds).Max() ?? -1;
                var allWords = ReferenceVectors.Small.Tokenizer("base").Encode(text).WordIds.Max() ?? -1;
                Assert.Equal(allWords, words);
            },
            iter: 1000);

    private static HuggingFaceTokenizer CutsLeft(string config)
    {
        var document = ReferenceVectors.Small.Document(config);
        document["truncation"] = new JsonObject
        {
            ["direction"] = "Left", ["max_length"] = 100, ["strategy"] = "LongestFirst", ["stride"] = 0,
        };
        return HuggingFaceTokenizer.Load(JsonSerializer.SerializeToUtf8Bytes(document));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void EncodeIds_NoSpacesAtAll_TakesTimeInStepWithLength()
    {
        var tokenizer = ReferenceVectors.Small.Tokenizer("norm_bert");
        foreach (var unit in new[] { "a", "字", "é", "한", "\u0301", "!", "😀", "\uD800", "[", " <l" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));

            Assert.InRange(tokenizer.EncodeIds(text, 512).Length, 2, 512);
            Assert.InRange(tokenizer.Encode(text).Length, 2, 3_000_000);
        }
    }
}
