namespace MlCluster.Node.Telemetry;

/// <summary>Names of labels, and the arrays that measurements carry: made once, so that recording allocates nothing.</summary>
internal static class Labels
{
    public const string Node = "node";
    public const string Model = "model";
    public const string Function = "function";
    public const string Device = "device";
    public const string Action = "action";
    public const string Kind = "kind";
    public const string Reason = "reason";
    public const string Journal = "journal";

    /// <summary>Labels without those that have no value.</summary>
    public static KeyValuePair<string, object?>[] Of(params ReadOnlySpan<(string Name, string? Value)> labels)
    {
        var tags = new List<KeyValuePair<string, object?>>(labels.Length);
        foreach (var (name, value) in labels)
        {
            if (value is not null)
            {
                tags.Add(new(name, value));
            }
        }

        return [.. tags];
    }

    /// <summary>A function as statistics write it: in lower case.</summary>
    public static string FunctionOf(string name) => name.ToLowerInvariant();
}
