namespace MlCluster.Messages.Groups;

/// <summary>Answers of ModelGroupActor.</summary>
public interface IModelGroupReply : IWithModelGroupId;

/// <summary>The command is durable.</summary>
public sealed record ModelGroupAccepted(ModelGroupId GroupId) : IModelGroupReply;

/// <summary>The command was refused; nothing changed.</summary>
public sealed record ModelGroupRejected(ModelGroupId GroupId, ProtocolError Error) : IModelGroupReply;

/// <summary>The version that a model got.</summary>
public sealed record VersionReply(ModelGroupId GroupId, int Version) : IModelGroupReply;

/// <summary>Whether a group has a name by a claim.</summary>
/// <param name="Holds">Null: not yet, and it may come to have it.</param>
public sealed record NameConfirmation(ModelGroupId GroupId, bool? Holds) : IModelGroupReply;

/// <summary>The group is gone.</summary>
/// <param name="Version">How many versions its document had, this one included.</param>
public sealed record ModelGroupDeletedReply(ModelGroupId GroupId, long Version) : IModelGroupReply;

/// <summary>The stored document; times are epoch milliseconds.</summary>
/// <param name="LatestVersion">Versions that models were given; 0: none.</param>
/// <param name="Version">How many versions the document had.</param>
/// <param name="RecentModels">Models that were given a version so lately that a search may not know them yet.</param>
public sealed record ModelGroupDocument(
    ModelGroupId GroupId,
    string Name,
    string? Description,
    GroupAccess Access,
    int LatestVersion,
    long Created,
    long LastUpdated,
    long Version,
    IReadOnlyList<ModelId> RecentModels) : IModelGroupReply;
