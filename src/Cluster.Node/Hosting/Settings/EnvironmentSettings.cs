namespace MlCluster.Node.Hosting.Settings;

/// <summary>
/// Keys of the HOCON files as environment variables: <c>MLCLUSTER__ML__MAX_MODELS</c> is <c>mlcluster.ml.max-models</c>.
/// </summary>
internal static class EnvironmentSettings
{
    private static readonly string[] Prefixes = ["MLCLUSTER__", "AKKA__"];

    /// <summary>Those of the variables that name a key.</summary>
    /// <param name="names">Names of all environment variables.</param>
    /// <param name="environment">Their values.</param>
    public static IReadOnlyDictionary<string, string> Select(
        IEnumerable<string> names, Func<string, string?> environment) =>
        names.Where(n => Prefixes.Any(p => n.StartsWith(p, StringComparison.Ordinal)))
            .ToDictionary(n => n, n => environment(n) ?? "", StringComparer.Ordinal);

    /// <summary>The key that a variable names: two underscores part sections, one stands for a hyphen.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant()
        .Replace("__", ".", StringComparison.Ordinal)
        .Replace('_', '-');

    /// <summary>The line of HOCON that says the same; a list is written as HOCON writes one.</summary>
    public static string HoconOf(string name, string text) =>
        $"{KeyOf(name)} = {(text.StartsWith('[') ? text : HoconText.Quoted(text))}";
}
