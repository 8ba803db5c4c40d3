using MlCluster.Inference.Archive;

namespace MlCluster.Node.Ml.Content;

/// <inheritdoc />
internal sealed class ArchiveUnpacker : IContentUnpacker
{
    /// <inheritdoc />
    public ContentSize Measure(string archiveFile)
    {
        var size = ModelArchive.Measure(archiveFile, ArchiveLimits.Default, ArchiveNeeds.Anything);
        return new ContentSize(size.ModelBytes, size.TotalBytes);
    }

    /// <inheritdoc />
    public UnpackedFiles Unpack(string archiveFile, string folder, CancellationToken cancellationToken)
    {
        // Content is kept by its hash alone: whether it fits a registration is looked at when it is used.
        var files = ModelArchive.Unpack(
            archiveFile, folder, ArchiveLimits.Default, cancellationToken, ArchiveNeeds.Anything);
        if (files.ModelFile is { } model)
        {
            ModelFile.Check(model, cancellationToken);
        }

        return new UnpackedFiles(files.ModelFile, files.TokenizerFile);
    }
}
