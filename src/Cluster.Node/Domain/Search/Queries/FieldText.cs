using System.Globalization;
using System.Text.RegularExpressions;
using MlCluster.Node.Domain.Search.Documents;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>Reads what a query says about fields that hold numbers.</summary>
internal static partial class FieldText
{
    private const string DateForms = "strict_date_time||epoch_millis";

    /// <summary>The number that a text stands for; null: one with a fraction, which no document has.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    /// <exception cref="SearchException">It is none.</exception>
    public static long? Exact(FieldMapping field, string text, long now) => field.Type switch
    {
        FieldType.Boolean => Flag(text),
        FieldType.Date => Date(field, text, now),
        _ => Number(text) is var number && number == decimal.Truncate(number) ? Limited(number) : null,
    };

    /// <summary>The first number that lies in a range with this lower bound.</summary>
    public static long Lower(FieldMapping field, string text, bool included, long now)
    {
        if (field.Type != FieldType.Number)
        {
            var exact = Exact(field, text, now)!.Value;
            return included || exact == long.MaxValue ? exact : exact + 1;
        }

        var number = Number(text);
        var first = decimal.Ceiling(number);
        return Limited(first == number && !included ? first + 1 : first);
    }

    /// <summary>The last number that lies in a range with this upper bound.</summary>
    public static long Upper(FieldMapping field, string text, bool included, long now)
    {
        if (field.Type != FieldType.Number)
        {
            var exact = Exact(field, text, now)!.Value;
            return included || exact == long.MinValue ? exact : exact - 1;
        }

        var number = Number(text);
        var last = decimal.Floor(number);
        return Limited(last == number && !included ? last - 1 : last);
    }

    private static long Flag(string text) => text switch
    {
        "true" => 1,
        "false" or "" => 0,
        _ => throw new SearchException($"Can't parse boolean value [{text}], expected [true] or [false]"),
    };

    private static decimal Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SearchException($"For input string: \"{text}\"");

    private static long Limited(decimal number) => (long)Math.Clamp(number, long.MinValue, long.MaxValue);

    private static long Date(FieldMapping field, string text, long now)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var millis))
        {
            return millis;
        }

        if (NowPattern().Match(text) is { Success: true } math)
        {
            return Shifted(now, math);
        }

        return DatePattern().IsMatch(text) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date.ToUnixTimeMilliseconds()
            : throw new SearchException(
                $"failed to parse date field [{text}] with format [{DateForms}] of [{field.Name}]");
    }

    private static long Shifted(long now, Match math)
    {
        if (!math.Groups["count"].Success)
        {
            return now;
        }

        var count = int.Parse(
            math.Groups["count"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var date = DateTimeOffset.FromUnixTimeMilliseconds(now);
        try
        {
            return (math.Groups["unit"].Value switch
            {
                "y" => date.AddYears(count),
                "M" => date.AddMonths(count),
                "w" => date.AddDays(7.0 * count),
                "d" => date.AddDays(count),
                "h" or "H" => date.AddHours(count),
                "m" => date.AddMinutes(count),
                _ => date.AddSeconds(count),
            }).ToUnixTimeMilliseconds();
        }
        catch (ArgumentOutOfRangeException)
        {
            return count < 0 ? long.MinValue : long.MaxValue;
        }
    }

    [GeneratedRegex(
        @"\Anow((?<count>[+-]\d{1,6})(?<unit>[yMwdhHms]))?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NowPattern();

    [GeneratedRegex(
        @"\A\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex DatePattern();
}
