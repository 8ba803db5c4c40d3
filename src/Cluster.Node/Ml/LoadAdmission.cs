using Akka.Actor;
using Akka.Event;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Profile;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml;

/// <summary>Lets loads begin, and go on once they know their content, where the node has room for them.</summary>
/// <remarks>
/// The disk is asked off the host's thread. Until it answers a model has its place among the models, and its memory,
/// but neither starts nor says anything; who is found first has the disk first.
/// </remarks>
/// <param name="host">Hears what the disk says.</param>
internal sealed class LoadAdmission(
    HostedModels models, LoadStarter starter, HostSetup setup, ILoggingAdapter log, IActorRef host)
{
    /// <summary>Takes a wanted model in, or refuses it.</summary>
    public void Begin(LoadModel command)
    {
        var model = new HostedModel(command, ModelStage.Queued);
        setup.Counter(command, ActionNames.Deploy).Request();
        setup.Gates.Apply(command.ModelId, command.Rules);
        if (WhyNoRoom(command) is { } full)
        {
            Refuse(model, new LoadRefusal(full, NoRoom: true));
            return;
        }

        models.Set(model);
        _ = ContentLookedUp.LookUpAsync(command, setup)
            .PipeTo(host, failure: e => ContentLookedUp.Failed(command, e.GetBaseException().Message));
    }

    /// <summary>Starts a model in its turn, if the disk has room for it.</summary>
    /// <remarks>An answer for a model that was taken away and is wanted again is as good for that.</remarks>
    public void OnLookedUp(ContentLookedUp found)
    {
        var id = found.Command.ModelId;
        if (models.Find(id) is not { Stage: ModelStage.Queued, IsCached: null } model
            || model.Command.Sha256 != found.Command.Sha256)
        {
            return;
        }

        if (found.Fault is { } fault)
        {
            log.Warning(
                "{0}: whether node {1} has it on its disk cannot be told: {2}", model.Name, models.NodeId, fault);
        }

        var known = model with { IsCached = found.IsCached };
        var reserved = DiskReservations.Of(models.All, known.Command.Sha256);
        if (HostDecisions.RefuseDisk(setup.Limits, found.FreeDiskBytes, found.NeededBytes, reserved) is { } refusal)
        {
            Refuse(known, refusal);
            return;
        }

        models.Set(known);
        models.Report(id);
        starter.StartQueued();
    }

    /// <summary>Answers a loader that knows its content; it waits for that, whatever has become of the model.</summary>
    public void OnMeasured(HostedModel model, ContentMeasured measured)
    {
        var known = model with { Content = measured.Content };
        models.Set(known);
        var refusal = HostDecisions.RefuseContent(
            known, measured.FreeDiskBytes, setup.Local.Current!, models.All, setup.Limits);
        model.Loader!.Tell(refusal is null ? ContentAdmitted.Instance : new ContentRefused(refusal));
    }

    private void Refuse(HostedModel model, LoadRefusal refusal)
    {
        setup.Counter(model.Command, ActionNames.Deploy).Failure();
        setup.Metrics.Refusals.NoRoom();
        log.Warning("{0}: not loaded on node {1}: {2}", model.Name, models.NodeId, refusal.Reason);
        models.Fail(model with { NoRoom = refusal.NoRoom }, refusal.Reason);
    }

    private string? WhyNoRoom(LoadModel command)
    {
        var limits = setup.Limits;
        var node = HostDecisions.RoomFor(command.ModelId, setup.Local.Current!, models.All, limits);
        return DeploymentPlanner.WhyNot(node, command.SizeBytes, limits.Placement);
    }
}
