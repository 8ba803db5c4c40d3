using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml;

/// <summary>What becomes of the loaders' reports.</summary>
/// <param name="gone">Called when a model that was draining is gone.</param>
/// <param name="trimCache">Called when content may have to make room; comes back at once.</param>
internal sealed class LoaderWords(
    HostedModels models,
    LoadStarter starter,
    HostSetup setup,
    ILoggingAdapter log,
    Action<ModelId> gone,
    Action trimCache)
{
    public void OnStage(HostedModel model, StageEntered entered)
    {
        if (model.Stage != ModelStage.Draining)
        {
            models.Set(model with
            {
                Stage = entered.Stage,
                Progress = LoadProgress.At(entered.Stage, model.Progress),
            });
        }
    }

    public void OnFetched(HostedModel model, FetchProgressed fetched) =>
        models.Set(model with { Progress = LoadProgress.OfFetch(fetched.Share) });

    public void OnService(HostedModel model, ServiceBegan began)
    {
        if (model.Stage == ModelStage.Draining)
        {
            return;
        }

        models.Set(model with
        {
            Stage = ModelStage.Serving,
            Progress = 1,
            FailedAttempts = 0,
            HasTimedOut = false,
            Error = null,
            Entry = began.Entry with { InterfaceVersion = setup.Gates.Of(began.ModelId).InterfaceVersion },
            Monitor = began.Monitor,
        });
        log.Info(
            "{0}: served by node {1} on {2}, batching {3}",
            model.Name, models.NodeId, began.Entry.Device, began.Entry.Batching);

        // In the view before anybody can hear that it is loaded: a client may predict at once.
        models.Publish();
        models.Report(began.ModelId);
        trimCache();
        starter.StartQueued();
    }

    public void OnFailed(HostedModel model, LoadFailed failed)
    {
        if (failed.ThreadLost)
        {
            Lose(model, failed.Reason);
        }

        if (model.Stage == ModelStage.Draining)
        {
            gone(failed.ModelId);
        }
        else if (HostDecisions.TriesAgain(model, failed, setup.Limits.LoadRetries))
        {
            starter.RetryLater(
                model with { HasTimedOut = model.HasTimedOut || failed.TimedOut }, failed.Reason);
        }
        else
        {
            log.Warning("{0}: not loaded on node {1}: {2}", model.Name, models.NodeId, failed.Reason);
            setup.Counter(model.Command, ActionNames.Deploy).Failure();
            if (failed.NoRoom)
            {
                setup.Metrics.Refusals.NoRoom();
            }

            models.Fail(model with { NoRoom = failed.NoRoom }, failed.Reason);
        }

        starter.StartQueued();
    }

    public void OnServiceLost(HostedModel model, ServiceLost lost)
    {
        Lose(model, lost.Reason);
        log.Error(
            "{0}, node {1}: {2}; it is loaded again when it is deployed again, other models are served on, and the "
            + "node wants a restart",
            model.Name, models.NodeId, lost.Reason);
        if (model.Stage == ModelStage.Draining)
        {
            gone(lost.ModelId);
        }
        else
        {
            models.Fail(model, lost.Reason);
        }
    }

    // Below a thread that hangs the module cannot be freed: its memory is gone until the process ends.
    private void Lose(HostedModel model, string reason)
    {
        setup.Local.LoseMemory(setup.Limits.Placement.MemoryNeeded(model.ReckonedBytes));
        setup.Health.WantRestart($"model {model.Command.ModelId}: {reason}");
    }
}
