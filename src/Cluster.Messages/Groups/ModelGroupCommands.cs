namespace MlCluster.Messages.Groups;

/// <summary>Commands of ModelGroupActor; each is idempotent.</summary>
public interface IModelGroupCommand : IWithModelGroupId;

/// <summary>Makes a group. Answer: <see cref="ModelGroupAccepted"/>.</summary>
/// <param name="Claim">The claim on its name.</param>
public sealed record RegisterModelGroup(
    ModelGroupId GroupId, CommandId Claim, string Name, string? Description, GroupAccess Access) : IModelGroupCommand;

/// <summary>Changes a group; null: stays as it is. Answer: <see cref="ModelGroupAccepted"/>.</summary>
/// <param name="Name">The new name and the claim on it.</param>
public sealed record UpdateModelGroup(
    ModelGroupId GroupId, ClaimedName? Name, string? Description, GroupAccess? Access) : IModelGroupCommand;

/// <summary>A name that was claimed for a group.</summary>
public sealed record ClaimedName(CommandId Claim, string Name);

/// <summary>Takes the group's next version for a model. Answer: <see cref="VersionReply"/>.</summary>
public sealed record AssignVersion(ModelGroupId GroupId, CommandId CommandId, ModelId ModelId) : IModelGroupCommand;

/// <summary>Asks whether the group has a name by a claim. Answer: <see cref="NameConfirmation"/>.</summary>
/// <param name="IsFinal">True: if it has not, it never will.</param>
public sealed record ConfirmGroupName(ModelGroupId GroupId, CommandId Claim, bool IsFinal) : IModelGroupCommand;

/// <summary>Asks for the document. Answer: <see cref="ModelGroupDocument"/>.</summary>
public sealed record GetModelGroup(ModelGroupId GroupId) : IModelGroupCommand;

/// <summary>Removes a group that has no models. Answer: <see cref="ModelGroupDeletedReply"/>.</summary>
/// <param name="LatestVersion">As it was when there were no models: one that was registered since is found out
/// about.</param>
public sealed record DeleteModelGroup(ModelGroupId GroupId, CommandId CommandId, int LatestVersion)
    : IModelGroupCommand;

/// <summary>Who may use a group.</summary>
/// <param name="BackendRoles">Empty unless it is restricted.</param>
public sealed record GroupAccess(AccessMode Mode, IReadOnlyList<string> BackendRoles);

/// <summary>Who may use a group, in OpenSearch's words; the numbers are part of the wire format.</summary>
public enum AccessMode
{
    /// <summary>Everybody.</summary>
    Public = 1,

    /// <summary>Its owner.</summary>
    Private = 2,

    /// <summary>Whoever has one of its backend roles.</summary>
    Restricted = 3,
}
