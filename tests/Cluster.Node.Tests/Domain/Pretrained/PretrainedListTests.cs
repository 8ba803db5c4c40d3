using System.Text;
using MlCluster.Node.Domain.Pretrained;

namespace MlCluster.Node.Tests.Domain.Pretrained;

public sealed class PretrainedListTests
{
    private const string Array =
        """[{"name":"x/a","version":["1.0.0","1.0.1"],"format":["torch_script","onnx"]},{"name":"b","version":"2","format":"onnx"},7]""";

    private const string Keyed =
        """{"st/a":{"version":"1.0.1","torch_script":{"model_url":"u"}},"b":{"version":["1","2"],"onnx":{}},"odd":1}""";

    [Theory]
    [InlineData(Array, "x/a", "1.0.1", "TORCH_SCRIPT", true)]
    [InlineData(Array, "x/a", "1.0.0", "ONNX", true)]
    [InlineData(Array, "x/a", "1.0.2", "ONNX", false)]
    [InlineData(Array, "a", "1.0.1", "ONNX", false)]
    [InlineData(Array, "b", "2", "ONNX", true)]
    [InlineData(Array, "b", "2", "TORCH_SCRIPT", false)]
    [InlineData(Keyed, "huggingface/st/a", "1.0.1", "TORCH_SCRIPT", true)]
    [InlineData(Keyed, "st/a", "1.0.1", "TORCH_SCRIPT", true)]
    [InlineData(Keyed, "other/st/a", "1.0.1", "TORCH_SCRIPT", false)]
    [InlineData(Keyed, "st/a", "1.0.1", "ONNX", false)]
    [InlineData(Keyed, "st/a", "1.0.0", "TORCH_SCRIPT", false)]
    [InlineData(Keyed, "b", "2", "ONNX", true)]
    [InlineData(Keyed, "odd", "1", "ONNX", false)]
    [InlineData("[]", "a", "1", "ONNX", false)]
    public void Holds_EitherShape_KnowsNameVersionAndFormat(
        string list, string name, string version, string format, bool expected) =>
        Assert.Equal(expected, PretrainedList.Holds(Encoding.UTF8.GetBytes(list), new(name, version, format)));

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("{", "it is not JSON")]
    [InlineData("7", "it is neither an array nor an object")]
    public void Holds_NoList_SaysSo(string list, string reason)
    {
        var error = Assert.Throws<FormatException>(
            () => PretrainedList.Holds(Encoding.UTF8.GetBytes(list), new("a", "1", "ONNX")));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }
}
