using CsCheck;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class UnigramModelTests
{
    private static readonly (string, double)[] Plain =
        [("<unk>", 0), ("a", -1), ("b", -1.5), ("ab", -2), ("aa", -2), ("aba", -4), ("字", -3)];

    // Whole numbers as scores, so that ties are many.
    private static readonly Gen<(string Text, double Score)[]> Pieces =
        Gen.Select(Gen.Char["abc"].List[1, 4].Select(static l => string.Concat(l)), Gen.Int[-9, 0]).List[1, 12]
            .Select(static pieces => pieces.DistinctBy(static p => p.Item1)
                .Select(static p => (p.Item1, (double)p.Item2)).Prepend(("<unk>", -5)).ToArray());

    private static readonly Gen<string> Words = Gen.Char["abcé"].List[1, 60].Select(static l => string.Concat(l));

    [Theory]
    [InlineData("ab", "ab")]
    [InlineData("aba", "ab a")]
    [InlineData("bb", "b b")]
    [InlineData("字ab", "字 ab")]
    public void Encode_Word_TakesTheBestSum(string word, string tokens) =>
        Assert.Equal(tokens, Encode(Plain, word));

    [Theory]
    [InlineData("éè", "<unk>")]
    [InlineData("aéèb", "a <unk> b")]
    [InlineData("é😀", "<unk>")]
    [InlineData("é<unk>", "<unk>")]
    [InlineData("éaè", "<unk> a <unk>")]
    public void Encode_UnknownCharacters_AreOneToken(string word, string tokens) =>
        Assert.Equal(tokens, Encode(Plain, word));

    [Fact]
    public void Encode_UnknownTokenSpelledOut_IsAPieceLikeOthers() =>
        Assert.Equal("a <unk> b", Encode(Plain, "a<unk>b"));

    [Fact]
    public void Encode_ByteFallback_TakesBytesOnlyWhereAllAreThere()
    {
        (string, double)[] pieces = [.. Plain, ("<0xC3>", -9), ("<0xA9>", -9)];

        Assert.Equal("a <0xC3> <0xA9> b", Encode(pieces, "aéb", byteFallback: true));
        Assert.Equal("<0xC3> <0xA9> <0xC3> <0xA9>", Encode(pieces, "éé", byteFallback: true));
        Assert.Equal("a <unk> b", Encode(pieces, "aèb", byteFallback: true));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("absent")]
    public void Encode_NoUnknownId_RefusesTextsWithUnknownCharactersAlone(string unknownId)
    {
        var tokenizer = SmallTokenizers.Load(
            $$"""
            {"model":{"type":"Unigram",{{(unknownId == "null" ? "\"unk_id\":null," : "")}}"byte_fallback":true,
             "vocab":[["a",-1],["ab",-2],["b",-3],["<0xC3>",-9],["<0xA9>",-9]]} }
            """);

        Assert.Equal([1, 0], tokenizer.EncodeIds("aba", 512));
        var refusal = Assert.Throws<TextRefusedException>(() => tokenizer.EncodeIds("aéb", 512));
        Assert.Contains("[é]", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_EqualSums_TakesTheFirstFound() =>
        Assert.Equal("a aa", Encode([("<unk>", 0), ("a", -1), ("aa", -2)], "aaa"));

    [Fact]
    public void Encode_AnyPiecesAndWord_EqualsTheRuleByTheBook() =>
        Gen.Select(Pieces, Words).Sample(
            static (pieces, word) => Assert.Equal(ByTheBook(pieces, word), Encode(pieces, word)), iter: 5000);

    [Fact]
    public void TryGetId_PieceTwice_IsTheLast()
    {
        var model = new UnigramModel([("<unk>", 0), ("a", -1), ("a", -2)], unknownId: 0, byteFallback: false);

        Assert.True(model.TryGetId("a", out var id));
        Assert.Equal(2, id);
        Assert.False(model.TryGetId("", out _));
        Assert.False(model.TryGetId("<un", out _));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("aba")]
    [InlineData("é")]
    [InlineData("字")]
    [InlineData("<unk>")]
    public void Encode_WordOfTwoHundredThousandCharacters_EndsSoon(string unit)
    {
        var word = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
        var ids = new List<int>();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        new UnigramModel(Plain, unknownId: 0, byteFallback: false).Encode(word, ids);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.NotEmpty(ids);
    }

    private static string Encode((string Text, double Score)[] pieces, string word, bool byteFallback = false)
    {
        var ids = new List<int>();
        new UnigramModel(pieces, unknownId: 0, byteFallback).Encode(word, ids);
        return string.Join(' ', ids.Select(id => pieces[id].Text));
    }

    private static string ByTheBook((string Text, double Score)[] pieces, string word)
    {
        var best = new (double Sum, List<string> Way)?[word.Length + 1];
        best[0] = (0, []);
        var unknown = pieces.Min(static p => p.Score) - 10;
        for (var at = 0; at < word.Length; at++)
        {
            var matches = pieces.Where(p => word.AsSpan(at).StartsWith(p.Text, StringComparison.Ordinal))
                .Select(static p => (p.Text, p.Score, p.Text.Length)).ToList();
            if (matches.TrueForAll(static m => m.Length != 1))
            {
                matches.Add(("<unk>", unknown, 1));
            }

            foreach (var (text, score, length) in matches)
            {
                var sum = score + best[at]!.Value.Sum;
                if (best[at + length] is not { } known || sum > known.Sum)
                {
                    best[at + length] = (sum, [.. best[at]!.Value.Way, text]);
                }
            }
        }

        var way = best[^1]!.Value.Way;
        return string.Join(' ', way.Where((text, i) => text != "<unk>" || i == 0 || way[i - 1] != "<unk>"));
    }
}
