using System.Globalization;
using System.Text.RegularExpressions;

namespace MlCluster.Compose.Reading;

/// <summary>Durations as the file writes them: <c>10s</c>, <c>1m30s</c>, <c>500ms</c>.</summary>
internal static partial class Durations
{
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Parse(string text)
    {
        var match = Pattern().Match(text);
        return match.Success && text.Length > 0
            ? Part(match, "h", TimeSpan.FromHours) + Part(match, "m", TimeSpan.FromMinutes)
                + Part(match, "s", TimeSpan.FromSeconds) + Part(match, "ms", TimeSpan.FromMilliseconds)
            : throw new FormatException($"[{text}] is no duration such as 1m30s");
    }

    private static TimeSpan Part(Match match, string unit, Func<double, TimeSpan> of) =>
        match.Groups[unit] is { Success: true } group
            ? of(double.Parse(group.Value, CultureInfo.InvariantCulture))
            : TimeSpan.Zero;

    [GeneratedRegex(
        @"^((?<h>\d+)h)?((?<m>\d+)m(?!s))?((?<s>\d+(\.\d+)?)s)?((?<ms>\d+)ms)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
