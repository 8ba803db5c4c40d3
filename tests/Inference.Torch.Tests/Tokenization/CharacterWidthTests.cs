using System.Text;
using CsCheck;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class CharacterWidthTests
{
    [Theory]
    [InlineData("a", 1)]
    [InlineData("😀b", 2)]
    [InlineData("\uD83D", 1)]
    [InlineData("\uD83Db", 1)]
    [InlineData("\uDE00\uD83D", 1)]
    public void At_Start_CountsTheUnits(string text, int units) => Assert.Equal(units, CharacterWidth.At(text, 0));

    [Fact]
    public void At_AnyPlace_IsWhatTheRuntimeDecodes() => Gen.Char['\uD7F0', '\uE010'].Array[1, 20].Sample(text =>
    {
        for (var at = 0; at < text.Length; at++)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var units);
            Assert.Equal(units, CharacterWidth.At(text, at));
        }
    });
}
