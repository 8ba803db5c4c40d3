using System.Collections.Immutable;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Domain.Models;

/// <summary>State + event → state; the only way a state comes to be.</summary>
internal static class ModelFold
{
    /// <exception cref="ArgumentException">The event is not known.</exception>
    public static ModelState Apply(ModelState state, IModelEvent e) => e switch
    {
        ChunkStored stored => ContentFold.Stored(state, stored),
        ModelDownloadStarted started => ContentFold.DownloadStarted(state, started),
        TaskSettled settled => TaskFold.Settled(state, settled.TaskId),
        ServingRulesSettled settled => UpdateFold.Settled(state, settled),
        ModelPurged purged => Purged(purged),
        ModelSnapshotTaken taken => ModelSnapshots.Restore(taken),
        _ => NewVersion(state.Version + 1, Changed(state, e), e.Time),
    };

    private static ModelState NewVersion(long version, ModelState changed, long time) =>
        changed with { Version = version, Times = changed.Times with { LastUpdated = time } };

    private static ModelState Changed(ModelState state, IModelEvent e) => e switch
    {
        ModelRegistrationStarted started => RegistrationStarted(state, started),
        PretrainedModelFound found => state with
        {
            Spec = found.Spec, Origin = state.Origin! with { Sha256 = found.Sha256 },
        },
        ModelMetaRegistered meta => MetaRegistered(state, meta),
        ModelRegistered registered => Registered(state, registered),
        ModelContentRefused refused => ContentFold.Refused(state, refused),
        ModelRegistrationFailed failed => TaskFold.FinishAll(state with { Phase = ModelPhase.Gone }, failed.Reason),
        ModelUpdated updated => UpdateFold.Updated(state, updated),
        ControllerSaved saved => UpdateFold.Saved(state, saved),
        ControllerDeleted deleted => UpdateFold.Deleted(state, deleted),
        ModelDeleted deleted => Deleted(state, deleted),
        ModelExpired => TaskFold.FinishAll(state with { Phase = ModelPhase.Gone }, "the upload was given up"),
        _ => PlanFold.Apply(state, e),
    };

    // Of an earlier model of the same id its commands are still answered; its numbers go on, so that late words about it
    // do not count.
    private static ModelState After(ModelState earlier) => new()
    {
        Plan = earlier.Plan,
        SettledTasks = earlier.SettledTasks,
        DeletedBy = earlier.DeletedBy,
        Updates = UpdateState.None with { RulesVersion = earlier.Version },
    };

    private static ModelState RegistrationStarted(ModelState earlier, ModelRegistrationStarted e) => After(earlier) with
    {
        Phase = ModelPhase.Downloading,
        Spec = e.Spec,
        Dialect = e.Dialect,
        Times = new ModelTimes(e.Time, e.Time, null, null, null),
        Origin = new UrlOrigin(e.TaskId, e.Url, e.Sha256, e.Deploy, 0),
        Tasks = ImmutableDictionary<Messages.TaskId, OwedTask>.Empty.Add(
            e.TaskId, OwedTask.Start(e.TaskId, TaskType.RegisterModel, e.Dialect, [])),
    };

    private static ModelState MetaRegistered(ModelState earlier, ModelMetaRegistered e) => After(earlier) with
    {
        Phase = ModelPhase.Collecting,
        Spec = e.Spec,
        Dialect = e.Dialect,
        Times = new ModelTimes(e.Time, e.Time, null, null, null),
        Content = ContentState.Empty with
        {
            TotalChunks = e.TotalChunks, SizeBytes = e.SizeBytes, Sha256 = e.Sha256, LastChunkTime = e.Time,
        },
    };

    private static ModelState Registered(ModelState state, ModelRegistered e)
    {
        var registered = state with
        {
            Phase = ModelPhase.Registered,
            Times = state.Times with { LastRegistered = e.Time },
            Content = state.Content with
            {
                SizeBytes = e.SizeBytes, Sha256 = e.Sha256, TotalChunks = e.TotalChunks, Problem = null,
            },
        };
        return state.Origin is { } origin ? TaskFold.Finish(registered, origin.TaskId, null) : registered;
    }

    private static ModelState Deleted(ModelState state, ModelDeleted e)
    {
        var gone = state with { Phase = ModelPhase.Gone, DeletedBy = e.CommandId };
        return TaskFold.FinishAll(gone, "the model was deleted");
    }

    // Every new version of the plan is one of the document too, so the document's is not below that of any plan.
    private static ModelState Purged(ModelPurged e) => new()
    {
        Phase = ModelPhase.Purged,
        Version = e.Version,
        Plan = DeploymentPlan.Empty with { Version = e.Version },
        DeletedBy = e.DeletedBy,
        SettledTasks = e.RegistrationTask is { } task ? [task] : [],
    };
}
