using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Functions;

public sealed class SentenceSegmenterTests
{
    [Theory]
    [InlineData("One. Two? Three!", "One.|Two?|Three!")]
    [InlineData("  One.\n\nTwo  ", "One.|Two")]
    [InlineData("Dr. Smith met J. R. Hill, e.g. at one. He left.", "Dr. Smith met J. R. Hill, e.g. at one.|He left.")]
    [InlineData("Version 2.0 costs 3.5 euros.Really", "Version 2.0 costs 3.5 euros.Really")]
    [InlineData("He said \"stop.\" Then he left...", "He said \"stop.\"|Then he left...")]
    [InlineData("今日は晴れ。明日は雨！", "今日は晴れ。|明日は雨！")]
    [InlineData("She said no. He left.", "She said no.|He left.")]
    [InlineData("", "")]
    [InlineData(" \n", "")]
    public void Split_Text_EndsWhereSentencesDo(string text, string expected) => Assert.Equal(
        expected,
        string.Join('|', SentenceSegmenter.Split(text).Select(sentence => text[sentence.Start..sentence.End])));
}
