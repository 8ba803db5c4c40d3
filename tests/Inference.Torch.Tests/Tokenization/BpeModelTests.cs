using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class BpeModelTests
{
    private static readonly string[] Plain = ["<unk>", "a", "b", "ab", "aba"];
    private static readonly (string, string)[] Merges = [("a", "b"), ("ab", "a")];

    [Theory]
    [InlineData("aba", "aba")]
    [InlineData("abab", "ab ab")]
    [InlineData("b", "b")]
    public void Encode_KnownCharacters_Merge(string word, string tokens) =>
        Assert.Equal(tokens, Encode(Plain, Merges, new BpeOptions(), word));

    [Fact]
    public void Encode_UnknownWithoutToken_GivesNothing()
    {
        var model = Model(Plain, Merges, new BpeOptions());

        Assert.True(model.MayGiveNothing);
        Assert.Equal("", Encode(Plain, Merges, new BpeOptions(), "é😀"));

        // What it stood between are neighbours now.
        Assert.Equal("ab", Encode(Plain, Merges, new BpeOptions(), "aéb"));
    }

    [Theory]
    [InlineData(false, "ab <unk> <unk> a")]
    [InlineData(true, "ab <unk> a")]
    public void Encode_UnknownCharacters_FuseWhereAskedFor(bool fuse, string tokens) =>
        Assert.Equal(
            tokens,
            Encode(Plain, Merges, new BpeOptions { UnknownToken = "<unk>", FuseUnknown = fuse }, "abé😀a"));

    [Fact]
    public void Encode_ByteFallback_TakesBytesOnlyWhereAllAreThere()
    {
        string[] tokens = [.. Plain, "<0xC3>", "<0xA9>"];
        var options = new BpeOptions { UnknownToken = "<unk>", ByteFallback = true };

        Assert.Equal("a <0xC3> <0xA9> b", Encode(tokens, Merges, options, "aéb"));
        Assert.Equal("a <unk> b", Encode(tokens, Merges, options, "aèb"));

        // The reference holds an unknown character back until it knows whether more fuse with it.
        Assert.Equal("<0xC3> <0xA9> <unk> b", Encode(tokens, Merges, options, "èéb"));
    }

    [Theory]
    [InlineData(false, "ab ab")]
    [InlineData(true, "abab")]
    public void Encode_WordThatIsAnEntry_IsLeftWholeWhereAskedFor(bool ignore, string tokens) =>
        Assert.Equal(
            tokens, Encode([.. Plain, "abab"], Merges, new BpeOptions { IgnoreMerges = ignore }, "abab"));

    [Fact]
    public void Encode_PrefixAndSuffix_MarkPlacesInTheWord()
    {
        string[] tokens = ["a", "##b", "ab", "##c</w>", "abc</w>", "a</w>"];
        var options = new BpeOptions { Prefix = "##", Suffix = "</w>" };

        Assert.Equal("abc</w>", Encode(tokens, [("a", "##b"), ("ab", "##c</w>")], options, "abc"));
        Assert.Equal("a ##c</w>", Encode(tokens, [("a", "##b")], options, "ac"));
        Assert.Equal("a</w>", Encode(tokens, [], options, "a"));
    }

    [Fact]
    public void Encode_SameWordAgain_GivesTheSame()
    {
        var model = Model(Plain, Merges, new BpeOptions());
        foreach (var word in new[] { "abab", "aba", "abab", "é", "é", "aba" })
        {
            var ids = new List<int> { 7 };
            model.Encode(word, ids);

            Assert.Equal("7 " + Encode(Plain, Merges, new BpeOptions(), word), $"7 {Names(Plain, ids.Skip(1))}");
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("aab")]
    [InlineData("é")]
    public void Encode_WordOfTwoHundredThousandCharacters_EndsSoon(string unit)
    {
        // With one merge after the other it would take minutes; the limit leaves room for a busy machine.
        var word = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
        var ids = new List<int>();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        Model(Plain, Merges, new BpeOptions { UnknownToken = "<unk>" }).Encode(word, ids);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(ids.Count, 200_000 / 3, 200_000);
    }

    private static string Encode(string[] tokens, (string, string)[] merges, BpeOptions options, string word)
    {
        var ids = new List<int>();
        Model(tokens, merges, options).Encode(word, ids);
        return Names(tokens, ids);
    }

    private static string Names(string[] tokens, IEnumerable<int> ids) =>
        string.Join(' ', ids.Select(id => tokens[id]));

    private static BpeModel Model(string[] tokens, (string, string)[] merges, BpeOptions options) => new(
        tokens.Select(static (token, id) => (token, id))
            .ToDictionary(static e => e.token, static e => e.id, StringComparer.Ordinal),
        merges,
        options);
}
