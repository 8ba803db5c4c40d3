using MlCluster.Inference.Archive;
using MlCluster.Tests.Support.Onnx;

namespace MlCluster.Inference.Tests.Archive;

/// <summary>Archives that are registered as ONNX.</summary>
public sealed class OnnxArchiveTests : IDisposable
{
    private static readonly ArchiveNeeds Onnx = new(ModelFormat.Onnx);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Check_OneModel_IsFoundInAnyFolder() =>
        Assert.Equal("deep/m.onnx", Check(With(("deep/m.onnx", OnnxModels.TokenRows().Build()))).ModelMember);

    [Theory]
    [InlineData("Model format is ONNX, but find .pt file: a.pt; register it as TORCH_SCRIPT", "a.pt")]
    [InlineData("Model format is ONNX, but find .pt file", "a.onnx", "b.pt")]
    [InlineData("Find multiple model files, but expected only one", "a.onnx", "b.onnx")]
    [InlineData("Can't find model file: the archive must hold one file that ends with .onnx")]
    public void Check_MembersThatCannotBeServed_BeginsWithTheContractsText(string text, params string[] members)
    {
        var zip = With([.. members.Select(name => (name, OnnxModels.TokenRows().Build()))]);

        var error = Assert.Throws<ModelFormatException>(() => Check(zip));

        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CustomOperator_IsRefusedOnItsWayIn()
    {
        var error = Assert.Throws<ModelFormatException>(
            () => Check(With(("m.onnx", OnnxModels.CustomOperator().Build()))));

        Assert.StartsWith("m.onnx cannot be served as ONNX: it uses the operator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unpack_AnyFormat_KeepsTheEnding()
    {
        var path = Path.Combine(_folder, "zip");
        File.WriteAllBytes(path, With(("some.onnx", OnnxModels.TokenRows().Build())).Build());

        var files = ModelArchive.Unpack(
            path, Path.Combine(_folder, "out"), ArchiveLimits.Default, CancellationToken.None, ArchiveNeeds.Anything);

        Assert.Equal("model.onnx", Path.GetFileName(files.ModelFile));
        ModelFile.Check(files.ModelFile!, CancellationToken.None);
    }

    [Fact]
    public void ModelFileCheck_ExternalData_IsRefused()
    {
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, OnnxModels.ExternalData("/etc/passwd").Build());

        var error = Assert.Throws<ModelFormatException>(() => ModelFile.Check(path, CancellationToken.None));

        Assert.Contains("it keeps tensors in other files", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TORCH_SCRIPT", ModelFormat.TorchScript)]
    [InlineData("ONNX", ModelFormat.Onnx)]
    [InlineData("onnx", null)]
    [InlineData("", null)]
    public void Parse_Word_IsItsFormat(string word, ModelFormat? expected) =>
        Assert.Equal(expected, ModelFormats.Parse(word));

    private static ZipForge With(params IEnumerable<(string Name, byte[] Bytes)> members)
    {
        var zip = new ZipForge().Add("tokenizer.json", ZipForge.Tokenizer);
        foreach (var (name, bytes) in members)
        {
            zip.Add(name, bytes);
        }

        return zip;
    }

    private static ArchiveContents Check(ZipForge forge)
    {
        using var zip = new MemoryStream(forge.Build());
        return ModelArchive.Check(zip, ArchiveLimits.Default, CancellationToken.None, Onnx);
    }
}
