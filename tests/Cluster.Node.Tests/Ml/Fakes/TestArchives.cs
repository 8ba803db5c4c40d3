using MlCluster.Inference;
using MlCluster.Inference.Archive;

namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>The repository's tiny archives, good and hostile.</summary>
internal static class TestArchives
{
    public static string PathOf(string name) => Path.Combine(Root(), "tests", "archives", name + ".zip");

    /// <summary>
    /// Unpacks an archive without looking inside its TorchScript file: that is the rehearsal's last line.
    /// </summary>
    public static ModelPackage Unpack(string name, string folder)
    {
        var files = ModelArchive.Unpack(
            PathOf(name), Path.Combine(folder, name), ArchiveLimits.Default, CancellationToken.None);
        return new ModelPackage(
            files.ModelFile, files.TokenizerFile, new FunctionConfig(FrameworkType.SentenceTransformers));
    }

    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MlCluster.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("MlCluster.sln is in no folder above the tests");
        }

        return folder;
    }
}
