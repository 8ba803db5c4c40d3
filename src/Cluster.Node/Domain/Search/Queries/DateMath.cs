using System.Globalization;
using System.Text.RegularExpressions;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>OpenSearch's date math: <c>now</c> or a date and <c>||</c>, then steps such as <c>+1d</c> and <c>/M</c>.
/// </summary>
internal static partial class DateMath
{
    /// <param name="now">Epoch milliseconds.</param>
    /// <param name="roundsUp">What the text leaves open, and what it rounds, is at its end, not its beginning.</param>
    /// <returns>Epoch milliseconds; null: the text is no such thing.</returns>
    public static long? Parse(string text, long now, bool roundsUp)
    {
        var parts = Form().Match(text);
        var steps = parts.Groups["step"].Captures;
        try
        {
            var start = Start(parts, now, roundsUp);
            return start is null || steps.Count == 0 ? start : steps.Aggregate(
                DateTimeOffset.FromUnixTimeMilliseconds(start.Value),
                (date, step) => With(date, step.Value, roundsUp)).ToUnixTimeMilliseconds();
        }
        catch (ArgumentOutOfRangeException)
        {
            // Before all dates or after all.
            return steps.Any(s => s.Value[0] == '-') ? long.MinValue : long.MaxValue;
        }
    }

    private static long? Start(Match parts, long now, bool roundsUp)
    {
        if (parts.Groups["now"].Success)
        {
            return now;
        }

        if (parts.Groups["millis"].Success)
        {
            return long.TryParse(parts.Groups["millis"].ValueSpan, CultureInfo.InvariantCulture, out var millis)
                ? millis
                : null;
        }

        if (!DateTimeOffset.TryParse(
            parts.Groups["date"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return null;
        }

        var open = parts.Groups["fraction"].Success ? null
            : parts.Groups["second"].Success ? "s"
            : parts.Groups["minute"].Success ? "m"
            : "d";
        return (roundsUp && open is not null ? Last(date, open) : date).ToUnixTimeMilliseconds();
    }

    // -2w or /w.
    private static DateTimeOffset With(DateTimeOffset date, string step, bool roundsUp)
    {
        var unit = step[^1..];
        if (step[0] == '/')
        {
            var first = First(date, unit);
            return roundsUp ? Last(first, unit) : first;
        }

        var count = step.Length > 2 ? int.Parse(step.AsSpan(1..^1), CultureInfo.InvariantCulture) : 1;
        return Moved(date, step[0] == '-' ? -count : count, unit);
    }

    private static DateTimeOffset Last(DateTimeOffset first, string unit) => Moved(first, 1, unit).AddMilliseconds(-1);

    private static DateTimeOffset First(DateTimeOffset date, string unit)
    {
        var day = new DateTimeOffset(date.UtcDateTime.Date, TimeSpan.Zero);
        return unit switch
        {
            "y" => day.AddDays(1 - day.DayOfYear),
            "M" => day.AddDays(1 - day.Day),
            // Weeks begin on Mondays.
            "w" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            "d" => day,
            "h" or "H" => day.AddHours(date.UtcDateTime.Hour),
            "m" => day.AddMinutes(Math.Floor(date.UtcDateTime.TimeOfDay.TotalMinutes)),
            _ => day.AddSeconds(Math.Floor(date.UtcDateTime.TimeOfDay.TotalSeconds)),
        };
    }

    private static DateTimeOffset Moved(DateTimeOffset date, int count, string unit) => unit switch
    {
        "y" => date.AddYears(count),
        "M" => date.AddMonths(count),
        "w" => date.AddDays(7.0 * count),
        "d" => date.AddDays(count),
        "h" or "H" => date.AddHours(count),
        "m" => date.AddMinutes(count),
        _ => date.AddSeconds(count),
    };

    [GeneratedRegex(
        @"\A((?<now>now)|((?<millis>-?\d{1,19})|(?<date>\d{4}-\d{2}-\d{2}"
        + @"(T\d{2}:(?<minute>\d{2})(:(?<second>\d{2})(?<fraction>\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?))(\|\||\z))"
        + @"(?<step>[+-]\d{0,6}[yMwdhHms]|/[yMwdhHms])*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
