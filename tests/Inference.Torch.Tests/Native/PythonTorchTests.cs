using MlCluster.Inference.Native;

namespace MlCluster.Inference.Tests.Native;

public sealed class PythonTorchTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlcluster-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("2.10.0+cpu")]
    [InlineData("2.11.0+cu130")]
    public void Check_FittingVersion_GivesIt(string version) =>
        Assert.Equal(version, PythonTorch.Check(Install($"__version__ = '{version}'\ndebug = False\n")));

    [Fact]
    public void Check_AnnotatedVersion_GivesIt() =>
        Assert.Equal(
            "2.11.0", PythonTorch.Check(Install("from typing import Optional\n__version__: str = \"2.11.0\"\n")));

    [Theory]
    [InlineData("2.9.1+cu128")]
    [InlineData("2.13.0+cu130")]
    [InlineData("2.1.0")]
    [InlineData("1.13.1")]
    public void Check_OtherVersion_NamesBoth(string version)
    {
        var error = Assert.Throws<TorchUnavailableException>(
            () => PythonTorch.Check(Install($"__version__ = '{version}'\n")));

        Assert.Contains(version, error.Message, StringComparison.Ordinal);
        Assert.Contains("2.10 and 2.11", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoVersionFile_Throws() =>
        Assert.Throws<TorchUnavailableException>(() => PythonTorch.Check(Install(versionFile: null)));

    [Fact]
    public void Check_NoLibtorch_SaysWhichFolderIsMeant()
    {
        var error = Assert.Throws<TorchUnavailableException>(() => PythonTorch.Check(_folder.FullName));

        Assert.Contains("torch/lib", error.Message, StringComparison.Ordinal);
    }

    private string Install(string? versionFile)
    {
        var lib = _folder.CreateSubdirectory("lib");
        File.WriteAllText(Path.Combine(lib.FullName, "libtorch.so"), string.Empty);
        if (versionFile is not null)
        {
            File.WriteAllText(Path.Combine(_folder.FullName, "version.py"), versionFile);
        }

        return lib.FullName;
    }
}
