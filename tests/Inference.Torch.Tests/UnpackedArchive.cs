using System.IO.Compression;
using MlCluster.Inference.Archive;

namespace MlCluster.Inference.Tests;

/// <summary>An archive unpacked into a folder of its own, which goes away with it.</summary>
internal sealed class UnpackedArchive : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlcluster-tests-");

    public UnpackedArchive(string archive)
    {
        ZipFile.ExtractToDirectory(archive, _folder.FullName);
        ModelFile = Directory.GetFiles(_folder.FullName).Single(file => ModelFormats.OfFile(file) is not null);
    }

    public string Folder => _folder.FullName;

    public string ModelFile { get; }

    public string TokenizerFile => Path.Combine(Folder, "tokenizer.json");

    public void Dispose() => _folder.Delete(recursive: true);
}
