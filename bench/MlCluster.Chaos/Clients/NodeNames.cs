using System.Text.Json.Nodes;

namespace MlCluster.Chaos.Clients;

/// <summary>Ids of the nodes by their names, which the runner gives; both stay over restarts.</summary>
internal sealed class NodeNames
{
    private readonly Dictionary<string, string> _ids;
    private readonly Dictionary<string, string> _names;

    private NodeNames(Dictionary<string, string> ids)
    {
        _ids = ids;
        _names = ids.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }

    /// <summary>Names of the nodes that serve models.</summary>
    public IReadOnlyList<string> Ml => [.. _ids.Keys.Where(n => n.StartsWith("ml-", StringComparison.Ordinal)).Order()];

    /// <summary>Asks a gateway.</summary>
    public static async Task<NodeNames> ReadAsync(Uri gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var rows = JsonNode.Parse(await http.GetStringAsync(Query))!.AsArray();
        return new NodeNames(rows.ToDictionary(r => (string)r!["name"]!, r => (string)r!["id"]!, StringComparer.Ordinal));
    }

    /// <summary>How many members a gateway sees.</summary>
    public static async Task<int> CountAsync(HttpClient gateway, CancellationToken cancelled) =>
        JsonNode.Parse(await gateway.GetStringAsync(Query, cancelled))!.AsArray().Count;

    public string IdOf(string name) => _ids[name];

    public string NameOf(string id) => _names.GetValueOrDefault(id, id);

    private const string Query = "/_cat/nodes?h=id,name&full_id=true&format=json";
}
