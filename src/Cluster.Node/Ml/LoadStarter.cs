using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml;

/// <summary>Starts loaders, as many at once as the node may have, and again after attempts that failed.</summary>
/// <param name="timers">The host's; it has none yet while it is made.</param>
internal sealed class LoadStarter(
    HostedModels models, HostSetup setup, IActorContext host, Func<ITimerScheduler> timers)
{
    private readonly ILoggingAdapter _log = host.GetLogger();

    /// <summary>Starts what waits for its turn.</summary>
    public void StartQueued()
    {
        var room = setup.Limits.MaxConcurrentLoads - models.All.Count(IsLoading);
        foreach (var model in models.All.Where(IsReady).Take(Math.Max(0, room)).ToList())
        {
            var command = model.Command;
            _log.Info("{0}: loading on node {1}", model.Name, models.NodeId);
            var loader = host.Watch(host.ActorOf(setup.Loader(command)));
            models.Set(model with { Loader = loader, Stage = ModelStage.Fetching });
        }
    }

    /// <summary>Queues a failed load again, after its wait.</summary>
    public void RetryLater(HostedModel model, string reason)
    {
        var id = model.Command.ModelId;
        var delay = setup.Options.RetryDelay(model.FailedAttempts);
        _log.Warning(
            "{0}: load on node {1} failed, next attempt in {2}: {3}", model.Name, models.NodeId, delay, reason);
        models.Set(model with
        {
            Stage = ModelStage.Queued,
            Loader = null,
            Content = null,
            Entry = null,
            Monitor = null,
            Error = reason,
            FailedAttempts = model.FailedAttempts + 1,
        });
        if (model.Entry is not null)
        {
            // It was served: until it is again, nobody is to pick this node, nor its ModelActor to count it.
            models.Publish();
            models.Report(id);
        }

        timers().StartSingleTimer(id, RetryLoad.Instance, delay);
    }

    /// <summary>Ends the wait of a model that is gone.</summary>
    public void Forget(ModelId id) => timers().Cancel(id);

    private static bool IsLoading(HostedModel model) =>
        model.Loader is not null && model.Stage is not (ModelStage.Serving or ModelStage.Draining);

    private bool IsReady(HostedModel model) =>
        model is { Stage: ModelStage.Queued, IsCached: not null } && !timers().IsTimerActive(model.Command.ModelId);
}

/// <summary>The wait before an attempt is over; the host's word to itself.</summary>
internal sealed record RetryLoad : INotInfluenceReceiveTimeout
{
    public static RetryLoad Instance { get; } = new();
}
