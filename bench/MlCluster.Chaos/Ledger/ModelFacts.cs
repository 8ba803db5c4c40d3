using System.Collections.Immutable;

namespace MlCluster.Chaos.Ledger;

/// <summary>
/// What the client was told of one model. What was asked without an answer may have happened, or may yet: it is
/// allowed, not required.
/// </summary>
/// <param name="Archive">Name of its archive.</param>
/// <param name="TotalChunks">0: uploaded by URL.</param>
internal sealed record ModelFacts(string Id, string Archive, int TotalChunks)
{
    /// <summary>Chunks that the cluster has taken.</summary>
    public ImmutableSortedSet<int> Chunks { get; init; } = [];

    /// <summary>The whole archive was taken.</summary>
    public bool IsRegistered { get; init; }

    /// <summary>Deployed to all nodes.</summary>
    public bool IsWantedEverywhere { get; init; }

    /// <summary>Nodes that a deployment was accepted for.</summary>
    public ImmutableHashSet<string> Wanted { get; init; } = [];

    /// <summary>Nodes that have told a task that they serve it.</summary>
    public ImmutableHashSet<string> Served { get; init; } = [];

    /// <summary>Nodes that an unanswered deployment may have put it on.</summary>
    public ImmutableHashSet<string> MayBeOn { get; init; } = [];

    /// <summary>An unanswered deployment to all nodes may have been accepted.</summary>
    public bool MayBeEverywhere { get; init; }

    /// <summary>An unanswered undeployment may have taken it off.</summary>
    public bool MayBeOff { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>An unanswered deletion may have removed it.</summary>
    public bool MayBeDeleted { get; init; }

    public IEnumerable<int> MissingChunks => Enumerable.Range(0, TotalChunks).Where(n => !Chunks.Contains(n));

    public bool IsWanted => !IsDeleted && (IsWantedEverywhere || !Wanted.IsEmpty);

    /// <param name="node">Name; null: any.</param>
    public bool IsWantedOn(string? node) => IsWanted && (node is null || IsWantedEverywhere || Wanted.Contains(node));

    /// <summary>True: it has to be there and where it was deployed to.</summary>
    public bool IsSure => !IsDeleted && !MayBeDeleted && !MayBeOff;

    public ModelFacts ChunkTaken(int number)
    {
        var chunks = Chunks.Add(number);
        return this with { Chunks = chunks, IsRegistered = chunks.Count == TotalChunks };
    }

    public ModelFacts Deployed(bool everywhere, IEnumerable<string> nodes) => this with
    {
        IsWantedEverywhere = IsWantedEverywhere || everywhere,
        Wanted = Wanted.Union(nodes),
    };

    /// <param name="nodes">Empty: all.</param>
    public ModelFacts MaybeDeployed(IReadOnlyCollection<string> nodes) => this with
    {
        MayBeOn = MayBeOn.Union(nodes),
        MayBeEverywhere = MayBeEverywhere || nodes.Count == 0,
    };

    public ModelFacts Undeployed() => this with { IsWantedEverywhere = false, Wanted = [], Served = [] };

    public ModelFacts Undeployed(string node) =>
        this with { Wanted = Wanted.Remove(node), Served = Served.Remove(node) };
}
