using System.Collections.Frozen;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>All endpoints; finds the one that a request means, or what the path would allow.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<int, Row[]> _rowsByLength;

    public RouteTable(IEnumerable<ApiEndpoint> endpoints) =>
        _rowsByLength = endpoints
            .Select(e => new Row(e, SplitPath(e.Path)))
            .GroupBy(r => r.Template.Length)
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(r => r.Rank, StringComparer.Ordinal).ToArray());

    /// <summary>Non-empty segments of a path, still encoded: a slash at the end means nothing.</summary>
    public static string[] SplitPath(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Finds the endpoint of a request; literal segments win over placeholders.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="segments">Decoded segments.</param>
    public RouteMatch Find(string method, string[] segments)
    {
        if (!_rowsByLength.TryGetValue(segments.Length, out var rows))
        {
            return RouteMatch.Unknown;
        }

        foreach (var row in rows)
        {
            if (row.Endpoint.Method == method && row.Matches(segments))
            {
                return new RouteMatch(row.Endpoint, row.Template, []);
            }
        }

        string[] allowed = [.. rows.Where(r => r.Matches(segments)).Select(r => r.Endpoint.Method)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new RouteMatch(null, [], allowed);
    }

    private sealed record Row(ApiEndpoint Endpoint, string[] Template)
    {
        /// <summary>Sorts literal segments before placeholders, from the left.</summary>
        public string Rank { get; } = string.Concat(Template.Select(s => IsPlaceholder(s) ? '1' : '0'));

        public bool Matches(string[] segments)
        {
            for (var i = 0; i < Template.Length; i++)
            {
                if (Rank[i] == '0' && Template[i] != segments[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsPlaceholder(string segment) => segment[0] == '{';
    }
}

/// <summary>What a path and a method mean.</summary>
/// <param name="Endpoint">Null: no endpoint has this method.</param>
/// <param name="Template">Segments of its template.</param>
/// <param name="Allowed">Methods that the path has when the endpoint is null; empty: the path is unknown.</param>
internal sealed record RouteMatch(ApiEndpoint? Endpoint, string[] Template, IReadOnlyList<string> Allowed)
{
    public static RouteMatch Unknown { get; } = new(null, [], []);
}
