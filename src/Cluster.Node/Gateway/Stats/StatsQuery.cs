using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Gateway.Registration;

namespace MlCluster.Node.Gateway.Stats;

/// <summary>Which statistics are asked for; an empty list of names means all of them.</summary>
internal sealed record StatsQuery
{
    /// <summary>All there is.</summary>
    public static StatsQuery All { get; } = new() { Levels = KnownStats.Levels.Names };

    public IReadOnlyList<string> Levels { get; init; } = [];
    public IReadOnlyList<string> ClusterStats { get; init; } = [];
    public IReadOnlyList<string> NodeStats { get; init; } = [];
    public IReadOnlyList<string> ActionStats { get; init; } = [];
    public IReadOnlyList<string> NodeIds { get; init; } = [];

    /// <summary>Functions, in upper case.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];
    public IReadOnlyList<string> Actions { get; init; } = [];
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>True when nodes must be asked.</summary>
    public bool WantsNodes => Levels.Any(level => level != StatLevel.Cluster);

    /// <summary>True when numbers are told by function: a level of actions means that.</summary>
    public bool WantsAlgorithms => Wants(StatLevel.Algorithm) || Wants(StatLevel.Action);

    public bool Wants(string level) => Levels.Contains(level, StringComparer.Ordinal);

    public bool WantsClusterStat(string name) => Wants(StatLevel.Cluster) && Holds(ClusterStats, name);

    public bool WantsNodeStat(string name) => Wants(StatLevel.Node) && Holds(NodeStats, name);

    /// <summary>True where a list names it, or nothing.</summary>
    public static bool Holds(IReadOnlyList<string> names, string name) =>
        names.Count == 0 || names.Contains(name, StringComparer.Ordinal);

    /// <summary>What a path asks for.</summary>
    /// <param name="nodes">Words for nodes, with commas; null: all.</param>
    /// <param name="stats">Names, with commas; null: everything at every level.</param>
    /// <exception cref="ApiException">400: a name is unknown.</exception>
    public static StatsQuery OfPath(string? nodes, string? stats)
    {
        var query = All with { NodeIds = Split(nodes) };
        if (stats is null)
        {
            return query;
        }

        var ofNodes = Split(stats).ToLookup(KnownStats.IsOfNode);
        query = query with
        {
            NodeStats = KnownStats.Node.Read(ofNodes[true]),
            ClusterStats = KnownStats.Cluster.Read(ofNodes[false]),
        };
        return query with { Levels = query.NamedLevels() };
    }

    /// <summary>What a body asks for. One that names no level means those of the names in it, or all.</summary>
    /// <exception cref="ApiException">400: it cannot be read, or a name is unknown.</exception>
    public static StatsQuery Parse(ReadOnlySpan<byte> body)
    {
        var json = new JsonPull(body);
        var query = new StatsQuery();
        json.BeginObject();
        while (json.NextField(out var name))
        {
            query = query.Read(name, ref json);
        }

        if (query.Levels.Count > 0)
        {
            return query;
        }

        var named = query.NamedLevels();
        return query with { Levels = named.Count > 0 ? named : All.Levels };
    }

    private StatsQuery Read(string name, ref JsonPull json)
    {
        switch (name)
        {
            case "target_stat_levels":
                return this with { Levels = KnownStats.Levels.Read(json.Texts()) };
            case "cluster_level_stats":
                return this with { ClusterStats = KnownStats.Cluster.Read(json.Texts()) };
            case "node_level_stats":
                return this with { NodeStats = KnownStats.Node.Read(json.Texts()) };
            case "action_level_stats":
                return this with { ActionStats = KnownStats.ActionLevel.Read(json.Texts()) };
            case "node_ids":
                return this with { NodeIds = json.Ids("node_ids") };
            case "algorithms":
                return this with { Algorithms = [.. json.Texts().Select(KnownNames.AnyFunction)] };
            case "actions":
                return this with { Actions = KnownStats.Actions.Read(json.Texts()) };
            case "models":
                return this with { Models = json.Ids("models") };
            default:
                json.Skip();
                return this;
        }
    }

    private List<string> NamedLevels()
    {
        List<string> levels = [];
        Add(StatLevel.Cluster, ClusterStats);
        Add(StatLevel.Node, NodeStats);
        Add(StatLevel.Algorithm, Algorithms);
        Add(StatLevel.Action, [.. ActionStats, .. Actions]);
        Add(StatLevel.Model, Models);
        return levels;

        void Add(string level, IReadOnlyList<string> named)
        {
            if (named.Count > 0)
            {
                levels.Add(level);
            }
        }
    }

    private static string[] Split(string? words) => words?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
