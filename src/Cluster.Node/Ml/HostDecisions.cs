using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Ml.Loading;

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

    /// <summary>A load that waits for its turn, under rules that came meanwhile; older ones change nothing.</summary>
    public static LoadModel? WithRules(LoadModel? next, ServingRules rules) =>
        next is not null && (next.Rules is null || next.Rules.Version < rules.Version)
            ? next with { Rules = rules }
            : next;

    /// <summary>
    /// The node as a load finds it: what is loading, drains or waits for its turn counts as what is served, so that
    /// loads which begin together do not all take the same room.
    /// </summary>
    /// <param name="model">The model that is to be loaded.</param>
    /// <param name="node">What the node says of itself.</param>
    /// <param name="hosted">All models of the node.</param>
    public static PlacementNode RoomFor(
        ModelId model, NodeDeployments node, IEnumerable<HostedModel> hosted, HostLimits limits) => new(
        node.NodeId,
        node.Name,
        limits.MaxModels,
        node.Capacity?.MemoryBytes,
        [
            .. hosted.Where(m => m.Command.ModelId != model && m.Stage != ModelStage.Failed)
                .Select(m => new PlacedModel(m.Command.ModelId, m.ReckonedBytes)),
        ]);

    /// <summary>
    /// Says why a load that now knows its content may not go on with it; null: it may. What is on disk needs no more
    /// of that.
    /// </summary>
    /// <param name="model">It, with what its content takes.</param>
    /// <param name="freeDiskBytes">Null: nobody knows.</param>
    /// <param name="node">What the node says of itself.</param>
    /// <param name="hosted">All models of the node.</param>
    public static LoadRefusal? RefuseContent(
        HostedModel model,
        long? freeDiskBytes,
        NodeDeployments node,
        IReadOnlyCollection<HostedModel> hosted,
        HostLimits limits)
    {
        // It has its place among the models already.
        var room = RoomFor(model.Command.ModelId, node, hosted, limits) with { MaxModels = int.MaxValue };
        if (DeploymentPlanner.WhyNot(room, model.ReckonedBytes, limits.Placement) is { } noMemory)
        {
            return new LoadRefusal(noMemory, NoRoom: true);
        }

        var needed = model.Content?.DiskBytes ?? 0;
        return needed == 0
            ? null
            : RefuseDisk(limits, freeDiskBytes, needed, DiskReservations.Of(hosted, model.Command.Sha256));
    }

    /// <summary>The same of its disk; what other loads are going to take of that is room that comes back.</summary>
    public static LoadRefusal? RefuseDisk(
        HostLimits limits, long? freeDiskBytes, long neededBytes, long reservedBytes) =>
        RefuseForDisk(limits, freeDiskBytes, neededBytes) is { } full ? new LoadRefusal(full, NoRoom: false)
        : RefuseForDisk(limits, freeDiskBytes, neededBytes, reservedBytes) is { } taken
            ? new LoadRefusal(taken, NoRoom: true)
            : null;

    /// <summary>Says why the node's disk has no room for a load; null when it has.</summary>
    /// <param name="freeDiskBytes">Null: nobody knows.</param>
    /// <param name="neededBytes">What it is going to write; 0 when its content is on disk already.</param>
    /// <param name="reservedBytes">Disk that other loads are going to take, <see cref="DiskReservations"/>.</param>
    public static string? RefuseForDisk(
        HostLimits limits, long? freeDiskBytes, long neededBytes, long reservedBytes = 0)
    {
        // What writes nothing is not held up by what others write.
        var reserved = neededBytes > 0 ? reservedBytes : 0;
        return DiskBreaker.Refusal(freeDiskBytes, limits.MinFreeDiskBytes, neededBytes, reserved)?.Reason;
    }

    /// <summary>Tells whether a load that failed is tried again.</summary>
    /// <param name="model">It, with the attempts before this one.</param>
    /// <param name="mostRetries">Attempts after the first.</param>
    public static bool TriesAgain(HostedModel model, LoadFailed failed, int mostRetries) =>
        failed.MayPass && model.FailedAttempts < mostRetries && !(failed.TimedOut && model.HasTimedOut);

    // A configuration that was changed takes effect with the next deployment.
    private static bool SameContent(LoadModel old, LoadModel command) =>
        old.Sha256 == command.Sha256 && old.Spec.Config == command.Spec.Config;
}

/// <summary>Why a load may not be.</summary>
/// <param name="NoRoom">True: there may be some again.</param>
internal sealed record LoadRefusal(string Reason, bool NoRoom);

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
