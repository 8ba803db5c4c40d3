namespace MlCluster.Messages.Groups;

/// <summary>Claims a name for a group. Answer: <see cref="GroupNameHolder"/>, whoever it is; or
/// <see cref="GroupNameRejected"/>.</summary>
/// <param name="Claim">Idempotency key.</param>
/// <param name="InsteadOf">A claim whose group does not have the name: it gives way. Null: none.</param>
public sealed record ClaimGroupName(string Name, ModelGroupId GroupId, CommandId Claim, CommandId? InsteadOf)
    : IWithGroupName;

/// <summary>Who has the first claim on a name.</summary>
/// <param name="AgeMillis">How long ago it was made.</param>
public sealed record GroupNameHolder(string Name, ModelGroupId GroupId, CommandId Claim, long AgeMillis)
    : IWithGroupName;

/// <summary>The owner of the name could not answer.</summary>
public sealed record GroupNameRejected(string Name, ProtocolError Error) : IWithGroupName;

/// <summary>A name was claimed; an earlier claim counts no more, and its event may go.</summary>
/// <param name="Time">Epoch milliseconds.</param>
public sealed record GroupNameClaimed(string Name, ModelGroupId GroupId, CommandId Claim, long Time)
    : IWithGroupName, IPersistedEvent;
