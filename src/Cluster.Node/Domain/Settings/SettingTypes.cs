using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Domain.Settings;

/// <summary><c>true</c> or <c>false</c>, and nothing else.</summary>
internal sealed record BooleanSetting(string Name, bool Initially) : Setting<bool>(Name, Initially ? "true" : "false")
{
    /// <inheritdoc />
    public override bool Parse(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new FormatException($"Failed to parse value [{text}] as only [true] or [false] are allowed."),
    };
}

/// <summary>A number within limits.</summary>
internal sealed record NumberSetting<T>(string Name, T Initially, T Min, T Max)
    : Setting<T>(Name, Initially.ToString(null, CultureInfo.InvariantCulture)!)
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    /// <inheritdoc />
    public override T Parse(string text)
    {
        if (!T.TryParse(text, Styles, CultureInfo.InvariantCulture, out var number) || T.IsNaN(number))
        {
            throw Unparsable(text);
        }

        return number < Min ? throw Unparsable(text, $" must be >= {Shown(Min)}")
            : number > Max ? throw Unparsable(text, $" must be <= {Shown(Max)}")
            : number;
    }

    private static NumberStyles Styles =>
        typeof(T) == typeof(double) ? NumberStyles.Float : NumberStyles.AllowLeadingSign;

    // Java writes a fraction that is whole with its point.
    private static string Shown(T limit) => typeof(T) == typeof(double)
        ? string.Create(CultureInfo.InvariantCulture, $"{limit:0.0}")
        : limit.ToString(null, CultureInfo.InvariantCulture)!;
}

/// <summary>Any text.</summary>
internal sealed record TextSetting(string Name, string Initially) : Setting<string>(Name, Initially)
{
    /// <inheritdoc />
    public override string Parse(string text) => text;
}

/// <summary>One of several words.</summary>
internal sealed record WordSetting(string Name, params IReadOnlyList<string> Words) : Setting<string>(Name, Words[0])
{
    /// <inheritdoc />
    public override string Parse(string text) => Words.Contains(text, StringComparer.Ordinal)
        ? text
        : throw Unparsable(text, $": Unknown policy, use {string.Join(" or ", Words)}");
}

/// <summary>A regular expression that URLs are searched for.</summary>
internal sealed record PatternSetting(string Name, string Initially) : Setting<Regex>(Name, Initially)
{
    /// <inheritdoc />
    public override Regex Parse(string text)
    {
        try
        {
            return TrustedUrlPattern.Compile(text);
        }
        catch (ArgumentException e)
        {
            throw Unparsable(text, $": {e.Message}");
        }
    }
}

/// <summary>Texts: a JSON array, or one text with commas.</summary>
internal sealed record ListSetting(string Name, params IReadOnlyList<string> Initially)
    : Setting<IReadOnlyList<string>>(Name, Write(Initially))
{
    /// <inheritdoc />
    public override bool IsList => true;

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public static string Write(IEnumerable<string> texts) => JsonSerializer.Serialize(texts);

    /// <summary>Reads what <see cref="Write"/> wrote, or a text with commas.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        try
        {
            return text.StartsWith('[')
                ? JsonSerializer.Deserialize<string[]>(text) ?? []
                : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (JsonException)
        {
            // It only begins like an array.
            return [text];
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> Parse(string text) => Read(text);
}
