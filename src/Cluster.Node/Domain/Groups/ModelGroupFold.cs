using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Groups;

namespace MlCluster.Node.Domain.Groups;

/// <summary>State + event → state; the only way a state comes to be.</summary>
internal static class ModelGroupFold
{
    // Repeats of a command come within a minute; this is more than one minute's registrations in one group.
    private const int RememberedVersions = 64;
    private const int RememberedClaims = 64;

    /// <exception cref="ArgumentException">The event is not known.</exception>
    public static ModelGroupState Apply(ModelGroupState state, IModelGroupEvent e) => e switch
    {
        ModelGroupRegistered registered => Registered(state, registered),
        ModelGroupUpdated updated => Updated(state, updated),
        VersionAssigned assigned => Assigned(state, assigned),
        GroupNameForgone forgone => state with { Forgone = Remember(state.Forgone, forgone.Claim) },
        ModelGroupDeleted deleted => new ModelGroupState
        {
            Phase = GroupPhase.Gone, Version = deleted.Version, DeletedBy = deleted.CommandId,
        },
        ModelGroupSnapshotTaken taken => ModelGroupSnapshots.Restore(taken),
        _ => throw new ArgumentException($"{e.GetType().Name} is not an event of model groups.", nameof(e)),
    };

    private static ModelGroupState Registered(ModelGroupState state, ModelGroupRegistered e) => state with
    {
        Phase = GroupPhase.There,
        Claim = e.Claim,
        Name = e.Name,
        Description = e.Description,
        Access = e.Access,
        Created = e.Time,
        LastUpdated = e.Time,
        Version = state.Version + 1,
    };

    private static ModelGroupState Updated(ModelGroupState state, ModelGroupUpdated e) => state with
    {
        Claim = e.Claim,
        Name = e.Name,
        Description = e.Description,
        Access = e.Access,
        LastUpdated = e.Time,
        Version = state.Version + 1,
        // By the earlier claim it has no name any more.
        Forgone = e.Claim == state.Claim ? state.Forgone : Remember(state.Forgone, state.Claim),
    };

    private static ModelGroupState Assigned(ModelGroupState state, VersionAssigned e)
    {
        var recent = state.Recent.Add(new RecentVersion(e.CommandId, e.ModelId, e.Version, e.Time));
        return state with
        {
            LatestVersion = e.Version,
            LastUpdated = e.Time,
            Version = state.Version + 1,
            Recent = recent.Count > RememberedVersions ? recent.RemoveAt(0) : recent,
        };
    }

    private static ImmutableList<CommandId> Remember(ImmutableList<CommandId> claims, CommandId claim)
    {
        var all = claims.Remove(claim).Add(claim);
        return all.Count > RememberedClaims ? all.RemoveAt(0) : all;
    }
}
