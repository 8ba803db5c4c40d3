using CsCheck;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class WordPieceModelTests
{
    private const string Unknown = "[UNK]";
    private const string Prefix = "##";
    private const int MaxWordLength = 30;

    // Ids in another order than the tokens, with gaps.
    private static readonly Dictionary<string, int> Vocabulary =
        ReferenceVectors.Small.Document("base")["model"]!["vocab"]!.AsObject()
            .ToDictionary(static e => e.Key, static e => 1000 - (3 * e.Value!.GetValue<int>()), StringComparer.Ordinal);

    // Entries with and without the prefix, so that most words fall into several tokens; some fail, some are too long.
    private static readonly Gen<string> Words = Gen.Frequency(
        (40, OneOf([.. Vocabulary.Keys.Select(static token => token.TrimStart('#'))])),
        (1, OneOf("Ж", "😈", "\uFEFF")))
        .List[1, 25].Select(static parts => string.Concat(parts));

    [Fact]
    public void Encode_AnyWord_IsGreedyFromTheLeft()
    {
        var model = Model();

        Words.Sample(word => Assert.Equal(EncodeNaively(word), Encode(model, word)), iter: 5000);
    }

    [Theory]
    [InlineData(MaxWordLength, MaxWordLength)]
    [InlineData(MaxWordLength + 1, 1)]
    public void Encode_LongestWord_IsCountedInCodePoints(int codePoints, int tokens) =>
        Assert.Equal(tokens, Encode(Model(), string.Concat(Enumerable.Repeat("😀", codePoints))).Count);

    [Fact]
    public void Encode_FirstEntryStartsWithByteOrderMark_KeepsIt()
    {
        var vocabulary =
            new Dictionary<string, int>(StringComparer.Ordinal) { ["\uFEFFa"] = 0, [Unknown] = 1, ["##b"] = 2 };

        Assert.Equal([0, 2], Encode(new WordPieceModel(vocabulary, Unknown, Prefix, MaxWordLength), "\uFEFFab"));
    }

    private static WordPieceModel Model() => new(Vocabulary, Unknown, Prefix, MaxWordLength);

    private static List<int> Encode(WordPieceModel model, string word)
    {
        var ids = new List<int>();
        model.Encode(word, ids);
        return ids;
    }

    private static List<int> EncodeNaively(string word)
    {
        var ids = new List<int>();
        for (var start = 0; start < word.Length;)
        {
            var ends = Enumerable.Range(start + 1, word.Length - start);
            var end = ends.LastOrDefault(e => Vocabulary.ContainsKey(Piece(word, start, e)));
            if (end == 0 || word.EnumerateRunes().Count() > MaxWordLength)
            {
                return [Vocabulary[Unknown]];
            }

            ids.Add(Vocabulary[Piece(word, start, end)]);
            start = end;
        }

        return ids;
    }

    private static string Piece(string word, int start, int end) => (start == 0 ? "" : Prefix) + word[start..end];

    private static Gen<string> OneOf(params string[] texts) =>
        Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
