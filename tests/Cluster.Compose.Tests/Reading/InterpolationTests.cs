using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Tests.Reading;

public sealed class InterpolationTests
{
    [Theory]
    [InlineData("$SET", "s")]
    [InlineData("a${SET}b", "asb")]
    [InlineData("${SET:-d}", "s")]
    [InlineData("${UNSET:-d}:${UNSET-e}", "d:e")]
    [InlineData("${EMPTY:-d}", "d")]
    [InlineData("${EMPTY-d}", "")]
    [InlineData("${UNSET}", "")]
    [InlineData("$$SET", "$SET")]
    public void Fill_AsComposeFilesWriteIt_IsFilled(string text, string filled) =>
        Assert.Equal(filled, Interpolation.Fill(text, Variable));

    [Fact]
    public void Fill_RequiredAndUnset_IsRefusedWithTheFilesWords()
    {
        var e = Assert.Throws<ComposeException>(() => Interpolation.Fill("${UNSET:?give one}", Variable));

        Assert.Contains("UNSET is not set: give one", e.Message, StringComparison.Ordinal);
    }

    private static string? Variable(string name) => name switch { "SET" => "s", "EMPTY" => "", _ => null };
}
