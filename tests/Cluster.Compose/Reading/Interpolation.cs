using System.Text.RegularExpressions;

namespace MlCluster.Compose.Reading;

/// <summary>
/// Fills in <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME:?message}</c>; <c>$$</c> is a dollar.
/// </summary>
internal static partial class Interpolation
{
    /// <exception cref="ComposeException">A variable that must be set is not.</exception>
    public static string Fill(string text, Func<string, string?> variables) =>
        Pattern().Replace(text, match => Value(match, variables));

    private static string Value(Match match, Func<string, string?> variables)
    {
        if (match.Value == "$$")
        {
            return "$";
        }

        var name = match.Groups["name"].Value;
        var rule = match.Groups["rule"].Value;
        var value = variables(name);
        var missing = rule.StartsWith(':') ? string.IsNullOrEmpty(value) : value is null;
        return (missing, rule.TrimStart(':')) switch
        {
            (true, "-") => match.Groups["text"].Value,
            (true, "?") => throw new ComposeException($"variable {name} is not set: {match.Groups["text"].Value}"),
            _ => value ?? "",
        };
    }

    [GeneratedRegex(
        @"\$\$|\$\{(?<name>\w+)((?<rule>:?[-?])(?<text>[^}]*))?\}|\$(?<name>[A-Za-z_]\w*)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Pattern();
}
