using System.Text.RegularExpressions;

namespace MlCluster.Compose.Planning;

/// <summary>Turns what holds inside a container into what holds on this machine.</summary>
/// <param name="Own">Address of the replica: what loopback and every interface mean inside its container.</param>
/// <param name="Hosts">Addresses by host name.</param>
/// <param name="Paths">Folders by path in the container.</param>
internal sealed partial record Substitution(
    string Own,
    IReadOnlyDictionary<string, string> Hosts,
    IReadOnlyDictionary<string, string> Paths)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Applies all of it to one text.</summary>
    public string Apply(string text)
    {
        var result = OwnAddress().Replace(text, Own);
        result = Hosts.Aggregate(result, (t, host) => ReplaceHost(t, host.Key, host.Value));
        return Paths.Aggregate(result, (t, path) => ReplacePath(t, path.Key, path.Value));
    }

    // A service may be named like a role or a database: a name counts where only a host can stand.
    private static string ReplaceHost(string text, string name, string address) => Regex.Replace(
        text,
        $@"(?<![\w.-]){Regex.Escape(name)}(?=:\d)|(?<=\b(Host|Server)\s*=\s*|://){Regex.Escape(name)}(?![\w.-])",
        address,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Patience);

    private static string ReplacePath(string text, string path, string folder) => Regex.Replace(
        text,
        $@"(?<![\w./-]){Regex.Escape(path)}(?![\w.-])",
        folder.Replace("$", "$$", StringComparison.Ordinal),
        RegexOptions.None,
        Patience);

    [GeneratedRegex(@"(?<![\d.\w])(0\.0\.0\.0|127\.0\.0\.1|localhost)(?![\d.\w])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnAddress();
}
