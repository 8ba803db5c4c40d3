namespace MlCluster.Messages.Groups;

/// <summary>What the journal of a group keeps.</summary>
public interface IModelGroupEvent : IPersistedEvent, IWithModelGroupId
{
    /// <summary>Epoch milliseconds.</summary>
    long Time { get; }
}

/// <summary>The group exists.</summary>
/// <param name="Claim">The claim on its name.</param>
public sealed record ModelGroupRegistered(
    ModelGroupId GroupId, CommandId Claim, string Name, string? Description, GroupAccess Access, long Time)
    : IModelGroupEvent;

/// <summary>The group was changed; holds all that it is now.</summary>
/// <param name="Claim">The claim on its name; it had the same one before unless the name is new.</param>
public sealed record ModelGroupUpdated(
    ModelGroupId GroupId, CommandId Claim, string Name, string? Description, GroupAccess Access, long Time)
    : IModelGroupEvent;

/// <summary>A model was given the group's next version.</summary>
public sealed record VersionAssigned(
    ModelGroupId GroupId, CommandId CommandId, ModelId ModelId, int Version, long Time) : IModelGroupEvent;

/// <summary>The group will never have a name by this claim: the name may go to another one.</summary>
public sealed record GroupNameForgone(ModelGroupId GroupId, CommandId Claim, long Time) : IModelGroupEvent;

/// <summary>The group is gone; all earlier events may go: this one alone says what was.</summary>
/// <param name="CommandId">The delete command; or the claim of a group that was never made, and never will be.</param>
/// <param name="Version">How many versions its document had, this one included.</param>
public sealed record ModelGroupDeleted(ModelGroupId GroupId, CommandId CommandId, long Version, long Time)
    : IModelGroupEvent;

/// <summary>All that is known of a group; earlier events may go: this one alone says what was.</summary>
/// <param name="Recent">The latest versions, oldest first: their commands may be repeated.</param>
/// <param name="Forgone">The latest claims that came to nothing, oldest first.</param>
public sealed record ModelGroupSnapshotTaken(
    ModelGroupId GroupId,
    CommandId Claim,
    string Name,
    string? Description,
    GroupAccess Access,
    int LatestVersion,
    long Created,
    long LastUpdated,
    long Version,
    IReadOnlyList<RecentVersion> Recent,
    IReadOnlyList<CommandId> Forgone,
    long Time) : IModelGroupEvent;

/// <summary>A version that was given lately.</summary>
/// <param name="Time">Epoch milliseconds.</param>
public sealed record RecentVersion(CommandId CommandId, ModelId ModelId, int Version, long Time);
