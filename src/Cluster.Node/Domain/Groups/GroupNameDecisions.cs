using MlCluster.Messages.Groups;

namespace MlCluster.Node.Domain.Groups;

/// <summary>Who has the first claim on a name; the state is the latest event, null: nobody has.</summary>
/// <remarks>A claim is no proof: the process that made it may have ended before it made the group. Whoever is second
/// asks that group, and where it does not have the name, claims it instead.</remarks>
internal static class GroupNameDecisions
{
    /// <returns>Null: it stays as it is.</returns>
    public static GroupNameClaimed? Decide(GroupNameClaimed? state, ClaimGroupName command, long now) =>
        state is null || (state.Claim == command.InsteadOf && state.Claim != command.Claim)
            ? new GroupNameClaimed(command.Name, command.GroupId, command.Claim, now)
            : null;

    /// <summary>What others see of a state.</summary>
    public static GroupNameHolder HolderOf(GroupNameClaimed state, long now) =>
        new(state.Name, state.GroupId, state.Claim, Math.Max(0, now - state.Time));
}
