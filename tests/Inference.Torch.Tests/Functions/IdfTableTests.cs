using System.Text;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Functions;

public sealed class IdfTableTests
{
    [Fact]
    public void Read_Table_HasItsWeights() => Assert.Equal(
        2.5f, IdfTable.Read(new MemoryStream("""{"a":2.5,"b":1}"""u8.ToArray()))["a"]);

    [Theory]
    [InlineData("[]", "root is not an object")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"a":"x"}""", "the weight of 'a' is not a number")]
    [InlineData("""{"a":1e99}""", "the weight of 'a' is not a number")]
    public void Read_SomethingElse_IsRefused(string json, string reason)
    {
        var error = Assert.Throws<ModelFormatException>(
            () => IdfTable.Read(new MemoryStream(Encoding.UTF8.GetBytes(json))));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
