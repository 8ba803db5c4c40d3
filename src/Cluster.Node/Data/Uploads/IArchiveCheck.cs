using MlCluster.Inference;
using MlCluster.Inference.Archive;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Uploads;

/// <summary>Looks whether an archive can be a model, without running anything of it.</summary>
internal interface IArchiveCheck
{
    /// <summary>Why it cannot; null: it can. Blocks while it reads.</summary>
    /// <param name="functionName">What it is to be for, such as <c>TEXT_EMBEDDING</c>.</param>
    string? FindProblem(Stream archive, string functionName, CancellationToken cancellationToken);
}

/// <summary>The engine's own check.</summary>
internal sealed class EngineArchiveCheck : IArchiveCheck
{
    /// <inheritdoc />
    public string? FindProblem(Stream archive, string functionName, CancellationToken cancellationToken)
    {
        try
        {
            var needsModel = functionName != FunctionNames.SparseTokenize;
            ModelArchive.Check(archive, ArchiveLimits.Default, cancellationToken, needsModel);
            return null;
        }
        catch (ModelFormatException e)
        {
            return e.Message;
        }
    }
}
