using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Query parameters of one request; a repeated name keeps its last value.</summary>
internal sealed class QueryParameters
{
    private readonly List<KeyValuePair<string, string>> _pairs = [];

    private QueryParameters()
    {
    }

    /// <summary>Names that were sent.</summary>
    public IEnumerable<string> Names => _pairs.Select(p => p.Key);

    /// <summary>How many were sent.</summary>
    public int Count => _pairs.Count;

    /// <summary>Takes a query apart; percent codes and plus signs are decoded.</summary>
    public static QueryParameters Parse(string query)
    {
        var parameters = new QueryParameters();
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? part : part[..equals]);
            parameters._pairs.RemoveAll(p => p.Key == name);
            parameters._pairs.Add(new(name, equals < 0 ? "" : Decode(part[(equals + 1)..])));
        }

        return parameters;
    }

    /// <summary>The value; null when it was not sent.</summary>
    public string? Get(string name)
    {
        foreach (var (key, value) in _pairs)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>A boolean; a name without a value means true.</summary>
    public bool GetBoolean(string name, bool whenAbsent = false) => Get(name) switch
    {
        null => whenAbsent,
        "" or "true" => true,
        "false" => false,
        var text => throw ApiError.IllegalArgument(
            $"Failed to parse value [{text}] as only [true] or [false] are allowed.").ToException(),
    };

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
