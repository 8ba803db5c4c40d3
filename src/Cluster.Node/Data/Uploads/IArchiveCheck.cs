using MlCluster.Inference.Archive;

namespace MlCluster.Node.Data.Uploads;

/// <summary>Looks whether an archive can be a model, without running anything of it.</summary>
internal interface IArchiveCheck
{
    /// <summary>Blocks while it reads.</summary>
    /// <exception cref="Inference.ModelFormatException">It cannot.</exception>
    void Check(Stream archive, CancellationToken cancellationToken);
}

/// <summary>The engine's own check.</summary>
internal sealed class EngineArchiveCheck : IArchiveCheck
{
    /// <inheritdoc />
    public void Check(Stream archive, CancellationToken cancellationToken) =>
        ModelArchive.Check(archive, ArchiveLimits.Default, cancellationToken);
}
