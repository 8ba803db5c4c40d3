using System.Globalization;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Limits;

/// <summary>How many requests a node lets through.</summary>
/// <param name="PerSecond">In the long run.</param>
/// <param name="Burst">At once, after a rest; 1 at least.</param>
internal sealed record RequestRate(double PerSecond, double Burst)
{
    // More than any node answers, and far from where products of it stop being numbers.
    private const double Most = 1e15;

    /// <summary>A node's share of what a limiter allows (contract 14).</summary>
    /// <param name="nodes">How many nodes share it.</param>
    /// <returns>Null: the limiter lacks its number or its unit, and limits nothing.</returns>
    public static RequestRate? Of(RateLimiter? limiter, int nodes) =>
        limiter is { Limit: { } text, Unit: { } unit } && ReadLimit(text) is { } limit
            ? new RequestRate(Math.Min(Most, limit / SecondsOf(unit) / nodes), Math.Clamp(limit / nodes, 1, Most))
            : null;

    /// <summary>Reads a limit; null: it is no positive number.</summary>
    public static double? ReadLimit(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)
        && double.IsFinite(limit) && limit > 0
            ? limit
            : null;

    private static double SecondsOf(RateUnit unit) => unit switch
    {
        RateUnit.Nanoseconds => 1e-9,
        RateUnit.Microseconds => 1e-6,
        RateUnit.Milliseconds => 1e-3,
        RateUnit.Seconds => 1,
        RateUnit.Minutes => 60,
        RateUnit.Hours => 3_600,
        RateUnit.Days => 86_400,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "unknown unit"),
    };
}
