using System.Text;
using MlCluster.Inference.Scripting;

namespace MlCluster.Inference.Tests.Scripting;

public sealed class TopLevelClassTests
{
    [Theory]
    [InlineData("\u0080\u0002c__torch__\nMyModel\nq\u0000)", "__torch__.MyModel", "__torch__.py")]
    [InlineData(
        "\u0080\u0002c__torch__.a.___torch_mangle_3\nModel\nq\u0000)",
        "__torch__.a.___torch_mangle_3.Model",
        "__torch__/a/___torch_mangle_3.py")]
    public void Read_TorchScript_GivesClassAndFile(string pickle, string className, string file)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(pickle));

        var name = TopLevelClass.Read(stream);

        Assert.Equal(className, name);
        Assert.Equal(file, TopLevelClass.FileOf(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0080\u0002}q\u0000.")]
    [InlineData("\u0080\u0002cbuiltins\neval\nq\u0000")]
    public void Read_AnythingElse_ThrowsModelFormat(string pickle)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(pickle));

        Assert.Throws<ModelFormatException>(() => TopLevelClass.Read(stream));
    }
}
