using System.Collections.Frozen;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What a caller of <c>_nodes/stats</c> wants to be told, and of whom.</summary>
/// <param name="Words">Which nodes, as <see cref="NodeSelector"/> reads them; none: all.</param>
/// <param name="Metrics">Sections; empty: all.</param>
internal sealed record NodeStatsWish(IReadOnlyList<string> Words, FrozenSet<string> Metrics)
{
    private const string All = "_all";

    // OpenSearch's; of these os, process and jvm say anything here.
    private static readonly FrozenSet<string> Known = Set(
        All, "indices", "os", "process", "jvm", "thread_pool", "fs", "transport", "http", "breaker", "script",
        "discovery", "ingest", "adaptive_selection", "script_cache", "indexing_pressure", "shard_indexing_pressure",
        "search_backpressure", "cluster_manager_throttling", "weighted_routing", "file_cache", "task_cancellation",
        "search_pipeline", "resource_usage_stats", "segment_replication_backpressure", "repositories",
        "admission_control", "caches", "remote_store");

    /// <summary>All that there is to say, of all.</summary>
    public static NodeStatsWish Everything { get; } = new([], []);

    /// <summary>Reads the two lists of a path.</summary>
    /// <param name="nodes">With commas; null: all.</param>
    /// <param name="metrics">With commas; null: all.</param>
    /// <param name="path">For the message.</param>
    /// <exception cref="ApiException">400: OpenSearch knows no such section.</exception>
    public static NodeStatsWish Of(string? nodes, string? metrics, string path)
    {
        var wanted = Split(metrics);
        var unknown = wanted.Where(m => !Known.Contains(m)).ToList();
        return unknown.Count > 0
            ? throw ApiError.IllegalArgument(
                $"request [{path}] contains unrecognized metric{(unknown.Count > 1 ? "s" : "")}: "
                + string.Join(", ", unknown.Select(m => $"[{m}]"))).ToException()
            : new NodeStatsWish(Split(nodes), wanted.Contains(All) ? [] : Set(wanted));
    }

    /// <summary>Tells whether a section is wanted.</summary>
    public bool Wants(string metric) => Metrics.Count == 0 || Metrics.Contains(metric);

    private static string[] Split(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);
}
