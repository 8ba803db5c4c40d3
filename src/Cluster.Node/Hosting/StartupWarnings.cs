namespace MlCluster.Node.Hosting;

/// <summary>What an operator should know of the options before the node starts with them.</summary>
internal static class StartupWarnings
{
    private const string Prefix = "MLCLUSTER_";

    /// <summary>One line a warning.</summary>
    /// <param name="variables">Names of all environment variables.</param>
    public static IEnumerable<string> Of(NodeOptions options, IEnumerable<string> variables) =>
        [.. OfOptions(options), .. variables.Select(OfVariable).OfType<string>()];

    private static IEnumerable<string> OfOptions(NodeOptions options)
    {
        // There is no authentication yet: whoever reaches the address may do everything.
        if (!options.Http.IsLoopback)
        {
            yield return $"{options.Http} is open to other machines without TLS and authentication; "
                + "put a proxy in front of it or keep to 127.0.0.1";
        }

        foreach (var folder in options.AllowFiles.Where(f => !Directory.Exists(f)))
        {
            yield return $"--allow-files [{folder}] is no folder; uploads from it are refused until it is there";
        }
    }

    // Others may use the prefix for their own ends: only what is nearly one of ours is worth a word.
    private static string? OfVariable(string name)
    {
        var known = OptionTable.All.Select(o => o.Environment[Prefix.Length..]).ToArray();
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && NearestName.Like(name[Prefix.Length..], known).FirstOrDefault() is { } meant
            && meant != name[Prefix.Length..]
            ? $"environment variable {name} means nothing here; did you mean {Prefix}{meant}?"
            : null;
    }
}
