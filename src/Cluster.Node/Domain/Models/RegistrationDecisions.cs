using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>How a model comes to be.</summary>
internal static class RegistrationDecisions
{
    /// <summary>Why a model that is named without a URL cannot be registered.</summary>
    public const string NoRepository =
        "model file url is null and there is no repository of pretrained models: give the url of an archive, or set "
        + "mlcluster.models.repository on the data nodes to a folder or a base URL";

    public static ModelDecision Register(ModelState state, RegisterModel command, ModelContext context)
    {
        var accepted = new Answer.WhenTaskExists(command.TaskId);
        if (state.Origin?.TaskId == command.TaskId || state.KnowsTask(command.TaskId))
        {
            return new ModelDecision(accepted, []);
        }

        return Taken(state, command.ModelId)
            ?? Unknown(command, context)
            ?? ModelDecisions.DiskRefusal(command.ModelId, context)
            ?? new ModelDecision(accepted, [StartOf(command, context.Now)]);
    }

    public static ModelDecision RegisterMeta(ModelState state, RegisterModelMeta command, ModelContext context)
    {
        if (IsRepeat(state, command))
        {
            return ModelDecision.Reply(new ModelAccepted(command.ModelId));
        }

        return Taken(state, command.ModelId)
            ?? BadSize(command, context.Limits)
            ?? ModelDecisions.DiskRefusal(command.ModelId, context)
            ?? ModelDecision.Reply(new ModelAccepted(command.ModelId), MetaOf(command, context.Now));
    }

    /// <summary>The download is about to begin, again if the process ended while one ran.</summary>
    public static ModelDecision StartDownload(ModelState state, ModelId model, ModelContext context)
    {
        if (state is not { Phase: ModelPhase.Downloading, Origin: { } origin })
        {
            return ModelDecision.Nothing;
        }

        return origin.Attempts < context.Limits.MaxDownloadStarts
            ? ModelDecision.Silent(new ModelDownloadStarted(model, origin.Attempts + 1, context.Now))
            : Fail(state, model, $"the download began {origin.Attempts} times and was interrupted each time: the node ended, or the journal failed", context);
    }

    /// <summary>The repository has the pretrained model that is being fetched.</summary>
    /// <param name="found">What is registered, and what its archive has to have.</param>
    public static ModelDecision Found(
        ModelState state, ModelId model, (ModelSpec Spec, string Sha256) found, ModelContext context) =>
        state is { Phase: ModelPhase.Downloading, Origin.Url: "" }
        && (state.Spec, state.Origin.Sha256) != found
            ? ModelDecision.Silent(new PretrainedModelFound(model, found.Spec, found.Sha256, context.Now))
            : ModelDecision.Nothing;

    /// <summary>An upload by URL cannot be finished.</summary>
    public static ModelDecision Fail(ModelState state, ModelId model, string reason, ModelContext context) =>
        state.Phase == ModelPhase.Downloading
            ? ModelDecision.Silent(new ModelRegistrationFailed(model, reason, context.Now))
            : ModelDecision.Nothing;

    private static ModelDecision? Taken(ModelState state, ModelId model) => state.Phase switch
    {
        ModelPhase.Unknown or ModelPhase.Purged => null,
        ModelPhase.Gone => new ModelDecision(Answer.AfterPurge, []),
        _ => ModelDecision.Reject(model, ErrorCode.Conflict, $"model id '{model}' already exists"),
    };

    private static ModelDecision? Unknown(RegisterModel command, ModelContext context) =>
        command.Url.Length > 0 || context.HasRepository
            ? null
            : ModelDecision.Reject(command.ModelId, ErrorCode.IllegalArgument, NoRepository);

    private static ModelDecision? BadSize(RegisterModelMeta command, ModelLimits limits)
    {
        if (command.TotalChunks < 1 || command.TotalChunks > limits.MaxChunks)
        {
            return ModelDecision.Reject(
                command.ModelId,
                ErrorCode.IllegalArgument,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"total chunks must be 1 to {limits.MaxChunks}, not {command.TotalChunks}"));
        }

        return command.SizeBytes > limits.MaxModelBytes
            ? ModelDecision.Reject(
                command.ModelId,
                ErrorCode.IllegalArgument,
                ContentRules.TooBig(command.SizeBytes.Value, limits.MaxModelBytes))
            : null;
    }

    private static ModelRegistrationStarted StartOf(RegisterModel command, long now) => new(
        command.ModelId,
        command.TaskId,
        command.Spec,
        command.Url,
        ContentRules.Normalize(command.Sha256),
        command.Deploy,
        command.Dialect,
        now);

    // With a client's own model_id it may be another registration of the same name and configuration.
    private static bool IsRepeat(ModelState state, RegisterModelMeta command) =>
        state is { Exists: true, Origin: null }
        && state.Spec == command.Spec
        && state.Content.TotalChunks == command.TotalChunks
        && state.Content.Sha256 == ContentRules.Normalize(command.Sha256);

    private static ModelMetaRegistered MetaOf(RegisterModelMeta command, long now) => new(
        command.ModelId,
        command.Spec,
        command.TotalChunks,
        command.SizeBytes,
        ContentRules.Normalize(command.Sha256)!,
        command.Dialect,
        now);
}
