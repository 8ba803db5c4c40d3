namespace MlCluster.Node.Ml.Content;

/// <summary>Takes an archive apart and checks what is inside before anything of it runs.</summary>
internal interface IContentUnpacker
{
    /// <summary>Tells what <see cref="Unpack"/> is going to write, from the archive's directory alone.</summary>
    /// <exception cref="Inference.ModelFormatException">It is no archive of a servable model.</exception>
    ContentSize Measure(string archiveFile);

    /// <summary>Unpacks into a folder that does not exist yet.</summary>
    /// <exception cref="Inference.ModelFormatException">It is no archive of a servable model.</exception>
    UnpackedFiles Unpack(string archiveFile, string folder, CancellationToken cancellationToken);
}

/// <summary>Absolute paths inside the unpacked folder; null where there is no model.</summary>
internal sealed record UnpackedFiles(string? ModelFile, string TokenizerFile);
