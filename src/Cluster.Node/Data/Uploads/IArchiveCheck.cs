using MlCluster.Inference;
using MlCluster.Inference.Archive;

namespace MlCluster.Node.Data.Uploads;

/// <summary>Looks whether an archive can be a model, without running anything of it.</summary>
internal interface IArchiveCheck
{
    /// <summary>Why it cannot; null: it can. Blocks while it reads.</summary>
    /// <param name="needs">What it is to hold.</param>
    string? FindProblem(Stream archive, ArchiveNeeds needs, CancellationToken cancellationToken);
}

/// <summary>The engine's own check.</summary>
internal sealed class EngineArchiveCheck : IArchiveCheck
{
    /// <inheritdoc />
    public string? FindProblem(Stream archive, ArchiveNeeds needs, CancellationToken cancellationToken)
    {
        try
        {
            ModelArchive.Check(archive, ArchiveLimits.Default, cancellationToken, needs);
            return null;
        }
        catch (ModelFormatException e)
        {
            return e.Message;
        }
    }
}
