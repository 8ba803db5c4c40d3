namespace MlCluster.Node.Gateway.Json;

/// <summary>Lists of ids in a body of which nothing else is read.</summary>
internal static class IdField
{
    /// <summary>The ids of one list; none where there is no body or no such field.</summary>
    public static List<string> Read(ReadOnlySpan<byte> body, string field) => Read(body, [field])[0];

    /// <summary>The ids of several lists, in their order.</summary>
    public static List<string>[] Read(ReadOnlySpan<byte> body, params ReadOnlySpan<string> fields)
    {
        var ids = new List<string>[fields.Length];
        ids.AsSpan().Fill([]);
        if (body.IsEmpty)
        {
            return ids;
        }

        var json = new JsonPull(body);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            if (fields.IndexOf(name) is >= 0 and var place)
            {
                ids[place] = json.Ids(name);
            }
            else
            {
                json.Skip();
            }
        }

        return ids;
    }
}
