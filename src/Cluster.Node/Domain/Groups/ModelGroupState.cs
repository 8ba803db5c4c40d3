using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Groups;

namespace MlCluster.Node.Domain.Groups;

/// <summary>Where a group is in its life.</summary>
internal enum GroupPhase
{
    /// <summary>No event has been seen.</summary>
    Unknown,

    /// <summary>Clients see a document.</summary>
    There,

    /// <summary>It was deleted, or will never be made.</summary>
    Gone,
}

/// <summary>All that is known of one group: the fold of its events.</summary>
internal sealed record ModelGroupState
{
    public static ModelGroupState Unknown { get; } = new();

    public GroupPhase Phase { get; init; }

    /// <summary>By which claim it has its name.</summary>
    public CommandId Claim { get; init; }

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public GroupAccess Access { get; init; } = GroupAccessRules.Everybody;

    /// <summary>The version that the latest model was given; 0: none was.</summary>
    public int LatestVersion { get; init; }

    /// <summary>Epoch milliseconds.</summary>
    public long Created { get; init; }

    /// <summary>Epoch milliseconds.</summary>
    public long LastUpdated { get; init; }

    /// <summary>How many versions the document had.</summary>
    public long Version { get; init; }

    /// <summary>The latest versions that models were given, oldest first: their commands may be repeated.</summary>
    public ImmutableList<RecentVersion> Recent { get; init; } = [];

    /// <summary>The latest claims that came to nothing, or to an end, oldest first.</summary>
    public ImmutableList<CommandId> Forgone { get; init; } = [];

    /// <summary>The command that deleted it.</summary>
    public CommandId? DeletedBy { get; init; }
}
