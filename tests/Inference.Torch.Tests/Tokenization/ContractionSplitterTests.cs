using System.Text.RegularExpressions;
using CsCheck;
using MlCluster.Inference.Tokenization.PreTokenization;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class ContractionSplitterTests
{
    // GPT-2's own pattern.
    private static readonly Regex Pattern = new(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(10));

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char[' ', '~'].Select(static c => c.ToString()),
        Gen.Char['\u0000', '\u3100'].Select(static c => c.ToString()),
        Gen.Int[0, 7].Select(static i => ((string[])[" ", "  ", "\n", "'", "'re", "'S", "\u3000", "\u0085"])[i]))
        .List[1, 40].Select(static parts => string.Concat(parts));

    [Fact]
    public void Split_TextOfTheBasicPlane_CutsAsThePatternDoes() =>
        Texts.Sample(
            static text => Assert.Equal(Pattern.Matches(text).Select(static m => m.Value), Split(text)), iter: 20_000);

    [Theory]
    [InlineData("a𝒜b 𝟘1", "a𝒜b| 𝟘1")]
    [InlineData("😀😀 😀a", "😀😀| 😀|a")]
    [InlineData(" 's", " '|s")]
    [InlineData("it's  ok ", "it|'s| | ok| ")]
    [InlineData("\n\n a", "\n\n| a")]
    [InlineData("a\n\nb", "a|\n|\n|b")]
    public void Split_Text_CutsBetweenKinds(string text, string words) => Assert.Equal(words.Split('|'), Split(text));

    private static List<string> Split(string text)
    {
        var words = new List<Word>();
        ContractionSplitter.Split(text, 0, words);
        return [.. words.Select(w => text.Substring(w.Start, w.Length))];
    }
}
