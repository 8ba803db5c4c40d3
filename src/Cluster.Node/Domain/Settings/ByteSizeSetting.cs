using System.Globalization;

namespace MlCluster.Node.Domain.Settings;

/// <summary>Bytes: a number with a unit, <c>0</c> or <c>-1</c>.</summary>
internal sealed record ByteSizeSetting(string Name, string Initially) : Setting<long>(Name, Initially)
{
    private const long Kilo = 1024;

    // Longer ones first: "kb" ends in "b".
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("kb", Kilo), ("mb", Kilo * Kilo), ("gb", Kilo * Kilo * Kilo),
        ("tb", Kilo * Kilo * Kilo * Kilo), ("pb", Kilo * Kilo * Kilo * Kilo * Kilo),
        ("k", Kilo), ("m", Kilo * Kilo), ("g", Kilo * Kilo * Kilo),
        ("t", Kilo * Kilo * Kilo * Kilo), ("p", Kilo * Kilo * Kilo * Kilo * Kilo),
        ("b", 1),
    ];

    /// <summary>The shortest text that <see cref="Parse"/> reads as just so many bytes.</summary>
    public static string Write(long bytes)
    {
        var (unit, size) = Units
            .Where(u => u.Unit.EndsWith('b') && bytes % u.Bytes == 0)
            .MaxBy(u => u.Bytes);
        return bytes <= 0 ? "-1" : string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    /// <inheritdoc />
    public override long Parse(string text)
    {
        var lower = text.Trim().ToLowerInvariant();
        if (lower is "0" or "-1")
        {
            return lower == "0" ? 0 : -1;
        }

        var unit = Array.Find(Units, u => lower.EndsWith(u.Unit, StringComparison.Ordinal));
        if (unit.Unit is null)
        {
            throw new FormatException(
                $"failed to parse setting [{Name}] with value [{text}] as a size in bytes: unit is missing or "
                + "unrecognized; use b, kb, mb, gb, tb or pb");
        }

        var digits = lower[..^unit.Unit.Length].Trim();
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit.Bytes < long.MaxValue
            ? (long)(number * unit.Bytes)
            : throw new FormatException($"failed to parse [{text}] for setting [{Name}]");
    }
}
