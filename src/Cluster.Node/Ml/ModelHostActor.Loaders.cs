using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Loading;

namespace MlCluster.Node.Ml;

/// <content>What the loaders say, and what becomes of it.</content>
internal sealed partial class ModelHostActor
{
    private void OnStage(StageEntered entered)
    {
        if (Find(entered) is { Stage: not ModelStage.Draining } model)
        {
            Set(model with { Stage = entered.Stage, Progress = LoadProgress.At(entered.Stage, model.Progress) });
        }
    }

    private void OnFetched(FetchProgressed fetched)
    {
        if (Find(fetched) is { } model)
        {
            Set(model with { Progress = LoadProgress.OfFetch(fetched.Share) });
        }
    }

    private void OnService(ServiceBegan began)
    {
        if (Find(began) is not { Stage: not ModelStage.Draining } model)
        {
            return;
        }

        Set(model with
        {
            Stage = ModelStage.Serving,
            Progress = 1,
            FailedAttempts = 0,
            Error = null,
            Entry = began.Entry,
            Monitor = began.Monitor,
        });
        _log.Info(
            "model {0}, task {1}: served by node {2} on {3}, batching {4}",
            began.ModelId, TaskOf(model.Command), NodeId, began.Entry.Device, began.Entry.Batching);

        // In the view before anybody can hear that it is loaded: a client may predict at once.
        PublishModels();
        Report(began.ModelId);
        _setup.TrimCache();
        StartQueued();
    }

    private void OnFailed(LoadFailed failed)
    {
        if (Find(failed) is not { } model)
        {
            return;
        }

        if (failed.ThreadLost)
        {
            _setup.Health.WantRestart($"model {failed.ModelId}: {failed.Reason}");
        }

        if (model.Stage == ModelStage.Draining)
        {
            OnGone(failed.ModelId);
        }
        else if (failed.MayPass && model.FailedAttempts < _setup.Options.RetryDelays.Count)
        {
            RetryLater(model, failed.Reason);
        }
        else
        {
            GiveUp(failed.ModelId, failed.Reason);
        }

        StartQueued();
    }

    private void RetryLater(HostedModel model, string reason)
    {
        var id = model.Command.ModelId;
        var delay = _setup.Options.RetryDelays[model.FailedAttempts];
        _log.Warning(
            "model {0}, task {1}: load on node {2} failed, next attempt in {3}: {4}",
            id, TaskOf(model.Command), NodeId, delay, reason);
        Set(model with
        {
            Stage = ModelStage.Queued,
            Loader = null,
            Error = reason,
            FailedAttempts = model.FailedAttempts + 1,
        });
        Timers.StartSingleTimer(id, RetryLoad.Instance, delay);
    }

    private void GiveUp(ModelId id, string reason)
    {
        var model = _models[id];
        _log.Warning("model {0}, task {1}: not loaded on node {2}: {3}", id, TaskOf(model.Command), NodeId, reason);
        SetFailed(model, reason);
    }

    private void SetFailed(HostedModel model, string reason)
    {
        Set(new HostedModel(model.Command, ModelStage.Failed) { Error = reason });
        PublishModels();
        Report(model.Command.ModelId);
    }

    private void OnServiceLost(ServiceLost lost)
    {
        if (Find(lost) is not { } model)
        {
            return;
        }

        _setup.Health.WantRestart($"model {lost.ModelId}: {lost.Reason}");
        _log.Error(
            "model {0}, task {1}: left service on node {2}, which wants a restart: {3}",
            lost.ModelId, TaskOf(model.Command), NodeId, lost.Reason);
        if (model.Stage == ModelStage.Draining)
        {
            OnGone(lost.ModelId);
        }
        else
        {
            SetFailed(model, lost.Reason);
        }
    }

    private void OnTerminated(Terminated terminated)
    {
        var lost = _models.Values.FirstOrDefault(m => terminated.ActorRef.Equals(m.Loader));
        if (lost is not null)
        {
            OnFailed(new LoadFailed(lost.Command.ModelId, "its loader failed; see the log", true, false));
        }
    }

    // A loader that was replaced may still speak.
    private HostedModel? Find(LoaderReport report) =>
        _models.TryGetValue(report.ModelId, out var model) && Sender.Equals(model.Loader) ? model : null;
}
