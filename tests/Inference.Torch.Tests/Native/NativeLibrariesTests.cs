using MlCluster.Inference.Native;

namespace MlCluster.Inference.Tests.Native;

public sealed class NativeLibrariesTests
{
    /// <summary>The tests' own folder holds the package's libtorch.</summary>
    [Fact]
    public void Load_SecondTorchBesideTheApplication_IsRefusedBeforeAnythingLoads()
    {
        var folder = Directory.CreateTempSubdirectory("mlcluster-tests-");
        try
        {
            var error = Assert.Throws<TorchUnavailableException>(
                () => NativeLibraries.Load(new TorchRuntimeOptions(TorchLibs: folder.FullName)));

            Assert.Contains("-p:Torch=none", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
