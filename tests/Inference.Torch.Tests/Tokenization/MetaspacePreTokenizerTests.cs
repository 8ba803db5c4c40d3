using System.Text;
using MlCluster.Inference.Tokenization.PreTokenization;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class MetaspacePreTokenizerTests
{
    [Theory]
    [InlineData("a b", "▁a|▁b")]
    [InlineData(" a  b ", "▁a|▁|▁b|▁")]
    [InlineData("▁a▁", "▁a|▁")]
    [InlineData("a\tb", "▁a\tb")]
    public void Apply_Always_MarksTheStart(string text, string words) =>
        Assert.Equal(words, Apply(PrependScheme.Always, cut: true, text));

    [Theory]
    [InlineData("a b", "a|▁b")]
    [InlineData(" a", "▁a")]
    public void Apply_Never_MarksSpacesAlone(string text, string words) =>
        Assert.Equal(words, Apply(PrependScheme.Never, cut: true, text));

    [Theory]
    [InlineData("a b", true, "▁a|▁b")]
    [InlineData("a b", false, "a|▁b")]
    public void Apply_First_MarksTheStartOfTheInputAlone(string text, bool startsInput, string words) =>
        Assert.Equal(words, Apply(PrependScheme.First, cut: true, text, startsInput));

    [Fact]
    public void Apply_Uncut_LeavesWordsWhole() =>
        Assert.Equal("▁a▁b", Apply(PrependScheme.Always, cut: false, "a b"));

    [Theory]
    [InlineData("a b", "▁a|b")]
    [InlineData(" a b", "a|b")]
    public void Apply_FirstAfterAnotherCut_LooksAtThePlaceInTheInput(string text, string words)
    {
        var cut = new PreTokenizedText();
        cut.Begin(text, startsInput: true);
        CharacterPreTokenizer.WhiteSpaceSplit.Apply(cut);
        var metaspace = new MetaspacePreTokenizer(new Rune('▁'), PrependScheme.First, cut: true);

        metaspace.Apply(cut);

        Assert.Equal(words, Words(cut));
    }

    private static string Apply(PrependScheme scheme, bool cut, string text, bool startsInput = true)
    {
        var words = new PreTokenizedText();
        words.Begin(text, startsInput);
        new MetaspacePreTokenizer(new Rune('▁'), scheme, cut).Apply(words);
        return Words(words);
    }

    private static string Words(PreTokenizedText text) =>
        string.Join('|', text.Words.Select(w => text.Chars.Span.Slice(w.Start, w.Length).ToString()));
}
