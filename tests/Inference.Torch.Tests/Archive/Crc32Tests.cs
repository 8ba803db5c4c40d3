using System.Text;
using MlCluster.Inference.Archive.Zip;

namespace MlCluster.Inference.Tests.Archive;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Append_KnownTexts_GivesTheStandardsValue(string text, uint expected) =>
        Assert.Equal(expected, Crc32.Append(0, Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Append_InPieces_GivesTheSame()
    {
        var bytes = Encoding.ASCII.GetBytes("The quick brown fox jumps over the lazy dog");

        var crc = Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, 13)), bytes.AsSpan(13));

        Assert.Equal(0x414FA339u, crc);
    }
}
