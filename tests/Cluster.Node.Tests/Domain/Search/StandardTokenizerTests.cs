using CsCheck;
using MlCluster.Node.Domain.Search.Text;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Words as the standard analyzer of OpenSearch cuts them.</summary>
public sealed class StandardTokenizerTests
{
    [Theory]
    [InlineData("all-MiniLM-L6-v2", "all|minilm|l6|v2")]
    [InlineData("huggingface/sentence-transformers/msmarco", "huggingface|sentence|transformers|msmarco")]
    [InlineData("TEXT_EMBEDDING", "text_embedding")]
    [InlineData("version 1.0.1, or 1,5 of a.b", "version|1.0.1|or|1,5|of|a.b")]
    [InlineData("the QUICK don't (end).", "the|quick|don't|end")]
    [InlineData("a. 1. x1.y", "a|1|x1|y")]
    [InlineData("…--!", "")]
    [InlineData("", "")]
    [InlineData("日本 カタカナ ひら", "日|本|カタカナ|ひ|ら")]
    [InlineData("naïve cafe\u0301 Übung", "naïve|cafe\u0301|übung")]
    [InlineData("_", "")]
    public void Tokenize_Text_GivesItsWords(string text, string words) =>
        Assert.Equal(words.Split('|', StringSplitOptions.RemoveEmptyEntries), StandardTokenizer.Tokenize(text));

    [Fact]
    public void Tokenize_LongWord_IsCut() =>
        Assert.Equal([255, 45], StandardTokenizer.Tokenize(new string('x', 300)).Select(t => t.Length));

    [Fact]
    public void Tokenize_AnyText_LosesNoLetterAndNoDigit() => Gen.String.Sample(text =>
    {
        var kept = string.Concat(StandardTokenizer.Tokenize(text));
        Assert.All(
            text.Where(char.IsAsciiLetterOrDigit),
            c => Assert.Contains(char.ToLowerInvariant(c), kept));
    });
}
