using System.Collections.Frozen;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What a caller of <c>_nodes</c> wants to be told: of whom, and whether of their HTTP address.</summary>
/// <remarks>Clients that look for all gateways ask for <c>_nodes/_all/http</c>, some for <c>_nodes/http</c>.</remarks>
/// <param name="Words">Which nodes, as <see cref="NodeSelector"/> reads them; none: all.</param>
/// <param name="WithHttp">Tell the section <c>http</c>.</param>
internal sealed record NodesWish(IReadOnlyList<string> Words, bool WithHttp)
{
    private const string Http = "http";

    // OpenSearch's sections; of these only http says anything here.
    private static readonly FrozenSet<string> Metrics = FrozenSet.ToFrozenSet(
        [
            "settings", "os", "process", "jvm", "thread_pool", "transport", Http, "plugins", "ingest", "aggregations",
            "indices", "search_pipelines",
        ],
        StringComparer.Ordinal);

    /// <summary>All that there is to say, of all.</summary>
    public static NodesWish Everything { get; } = new([], true);

    /// <summary>A segment alone names nodes, or nothing but sections.</summary>
    public static NodesWish Of(string segment)
    {
        var words = Split(segment);
        return words.Length > 0 && Array.TrueForAll(words, Metrics.Contains)
            ? new NodesWish([], IsHttpAmong(words))
            : new NodesWish(words, true);
    }

    /// <summary>Nodes, and sections of them; unknown sections say nothing.</summary>
    public static NodesWish Of(string nodes, string metrics) => new(Split(nodes), IsHttpAmong(Split(metrics)));

    private static bool IsHttpAmong(string[] metrics) =>
        Array.Exists(metrics, static m => m is Http or "_all");

    private static string[] Split(string segment) => segment.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
