using MlCluster.Messages;
using MlCluster.Messages.Groups;

namespace MlCluster.Node.Domain.Groups;

/// <summary>A state as one event, and back.</summary>
internal static class ModelGroupSnapshots
{
    /// <summary>Due after so many events; null: not yet.</summary>
    /// <param name="count">Events since the latest snapshot, and how many of them make one due.</param>
    public static ModelGroupSnapshotTaken? Next(
        ModelGroupState state, ModelGroupId group, (int Events, int Due) count, long now) =>
        state.Phase == GroupPhase.There && count.Events >= count.Due ? Take(state, group, now) : null;

    public static ModelGroupSnapshotTaken Take(ModelGroupState state, ModelGroupId group, long now) => new(
        group,
        state.Claim,
        state.Name,
        state.Description,
        state.Access,
        state.LatestVersion,
        state.Created,
        state.LastUpdated,
        state.Version,
        state.Recent,
        state.Forgone,
        now);

    /// <summary>The state that the snapshot was taken of.</summary>
    public static ModelGroupState Restore(ModelGroupSnapshotTaken taken) => new()
    {
        Phase = GroupPhase.There,
        Claim = taken.Claim,
        Name = taken.Name,
        Description = taken.Description,
        Access = taken.Access,
        LatestVersion = taken.LatestVersion,
        Created = taken.Created,
        LastUpdated = taken.LastUpdated,
        Version = taken.Version,
        Recent = [.. taken.Recent],
        Forgone = [.. taken.Forgone],
    };
}
