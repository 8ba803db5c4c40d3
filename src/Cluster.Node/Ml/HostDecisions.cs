using MlCluster.Messages.Loading;
using MlCluster.Messages.Profile;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Ml;

/// <summary>What the host does with a command; pure.</summary>
internal static class HostDecisions
{
    /// <param name="known">The model on this node; null when it has none.</param>
    /// <param name="unloadedVersion">Newest plan that took the model away; 0: none did.</param>
    public static LoadStep OnLoad(HostedModel? known, long unloadedVersion, LoadModel command) => known switch
    {
        _ when command.PlanVersion <= unloadedVersion => LoadStep.Ignore,
        null => LoadStep.Start,
        { Command.PlanVersion: var newest } when command.PlanVersion < newest => LoadStep.Ignore,
        { Stage: ModelStage.Draining } => LoadStep.StartAfterDraining,
        { Stage: ModelStage.Failed, Command.PlanVersion: var tried } when command.PlanVersion > tried => LoadStep.Start,
        _ when !SameContent(known.Command, command) => LoadStep.Replace,
        _ => LoadStep.Report,
    };

    /// <summary>Tells whether an unload is for the model as it is, and not for an older plan.</summary>
    public static bool Obeys(HostedModel? known, UnloadModel command) =>
        known is null || known.Command.PlanVersion <= command.PlanVersion;

    /// <summary>Says why a load cannot begin; null when it can.</summary>
    /// <param name="hosted">Other models that the node loads or serves.</param>
    /// <param name="freeDiskBytes">Null: nobody knows.</param>
    /// <param name="fetchedBytes">Size of the archive; 0 when its content is on disk already.</param>
    /// <param name="reservedBytes">Disk that other loads are going to take, <see cref="DiskReservations"/>.</param>
    public static string? Refuse(
        HostLimits limits, int hosted, long? freeDiskBytes, long fetchedBytes, long reservedBytes = 0)
    {
        if (hosted >= limits.MaxModels)
        {
            return $"Exceed max local model per node limit: the node has {hosted} models of at most "
                + $"{limits.MaxModels} (max_model_on_node); undeploy one first";
        }

        var needed = DiskReservations.OfNewLoad(fetchedBytes);

        // What writes nothing is not held up by what others write.
        var reserved = needed > 0 ? reservedBytes : 0;
        return DiskBreaker.Refusal(freeDiskBytes, limits.MinFreeDiskBytes, needed, reserved)?.Reason;
    }

    // Content and configuration of a model never change in place; this is for the day when they can.
    private static bool SameContent(LoadModel old, LoadModel command) =>
        old.Sha256 == command.Sha256 && old.Spec.Config == command.Spec.Config;
}

/// <summary>What is to be done about a LoadModel.</summary>
internal enum LoadStep
{
    /// <summary>It belongs to an older plan.</summary>
    Ignore,

    /// <summary>It is loaded, loading or given up under this plan already: say so.</summary>
    Report,

    Start,

    /// <summary>Give up what is loaded, then start.</summary>
    Replace,

    /// <summary>It is being given up: start when that is done.</summary>
    StartAfterDraining,
}
