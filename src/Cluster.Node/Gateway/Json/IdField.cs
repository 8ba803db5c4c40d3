namespace MlCluster.Node.Gateway.Json;

/// <summary>A list of ids in a body of which nothing else is read, or little.</summary>
internal static class IdField
{
    /// <summary>The ids; none where there is no body or no such field.</summary>
    public static List<string> Read(ReadOnlySpan<byte> body, string field)
    {
        List<string> ids = [];
        if (body.IsEmpty)
        {
            return ids;
        }

        var json = new JsonPull(body);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            if (name == field)
            {
                ids = json.Ids(name);
            }
            else
            {
                json.Skip();
            }
        }

        return ids;
    }
}
