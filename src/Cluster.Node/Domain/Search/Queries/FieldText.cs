using System.Globalization;
using MlCluster.Node.Domain.Search.Documents;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>Reads what a query says about fields that hold numbers.</summary>
internal static class FieldText
{
    private const string DateForms = "strict_date_time||epoch_millis";

    /// <summary>The first number that lies in a range with this lower bound.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    /// <exception cref="SearchException">The text is none of the field's.</exception>
    public static long Lower(FieldMapping field, string text, bool included, long now)
    {
        if (field.Type == FieldType.Number)
        {
            var number = Number(text);
            var first = decimal.Ceiling(number);
            return Limited(first == number && !included ? first + 1 : first);
        }

        var bound = Bound(field, text, now, roundsUp: !included);
        return included || bound == long.MaxValue ? bound : bound + 1;
    }

    /// <summary>The last number that lies in a range with this upper bound.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    /// <exception cref="SearchException">The text is none of the field's.</exception>
    public static long Upper(FieldMapping field, string text, bool included, long now)
    {
        if (field.Type == FieldType.Number)
        {
            var number = Number(text);
            var last = decimal.Floor(number);
            return Limited(last == number && !included ? last - 1 : last);
        }

        var bound = Bound(field, text, now, roundsUp: included);
        return included || bound == long.MinValue ? bound : bound - 1;
    }

    private static long Bound(FieldMapping field, string text, long now, bool roundsUp) =>
        field.Type == FieldType.Boolean ? Flag(text)
            : DateMath.Parse(text, now, roundsUp) ?? throw new SearchException(
                $"failed to parse date field [{text}] with format [{DateForms}] of [{field.Name}]");

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
}
