using MlCluster.Inference.Archive;
using MlCluster.Inference.Archive.TorchScript;

namespace MlCluster.Node.Ml.Content;

/// <inheritdoc />
internal sealed class ArchiveUnpacker : IContentUnpacker
{
    /// <inheritdoc />
    public UnpackedFiles Unpack(string archiveFile, string folder, CancellationToken cancellationToken)
    {
        var files = ModelArchive.Unpack(archiveFile, folder, ArchiveLimits.Default, cancellationToken);
        TorchScriptFile.Check(files.ModelFile, TorchScriptLimits.Default, cancellationToken);
        return new UnpackedFiles(files.ModelFile, files.TokenizerFile);
    }
}
