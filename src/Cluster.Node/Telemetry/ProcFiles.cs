using System.Globalization;

namespace MlCluster.Node.Telemetry;

/// <summary>Numbers out of Linux' files below <c>/proc</c>; null where a text does not have them.</summary>
internal static class ProcFiles
{
    private const int IdleColumn = 3;
    private const int IoWaitColumn = 4;

    // Those behind are of guests, and counted in the first two already.
    private const int OwnColumns = 8;

    /// <summary>Memory in use in percent, from <c>meminfo</c>.</summary>
    public static int? MemoryPercent(string meminfo)
    {
        var lines = meminfo.Split('\n');
        return KiloBytes(lines, "MemTotal:") is > 0 and var total && KiloBytes(lines, "MemAvailable:") is { } free
            ? (int)((total - free) * 100 / total)
            : null;
    }

    /// <summary>Three averages, from <c>loadavg</c>.</summary>
    public static double?[] Loads(string loadavg)
    {
        var words = loadavg.Split(' ');
        return [.. Enumerable.Range(0, 3).Select(i =>
            i < words.Length && double.TryParse(words[i], CultureInfo.InvariantCulture, out var load)
                ? load
                : (double?)null)];
    }

    /// <summary>Time that all processors have spent, from <c>stat</c>.</summary>
    public static ProcessorTime? Processors(string stat)
    {
        var end = stat.IndexOf('\n', StringComparison.Ordinal);
        var words = (end < 0 ? stat : stat[..end]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < OwnColumns + 1 || words[0] != "cpu")
        {
            return null;
        }

        var ticks = new long[OwnColumns];
        for (var i = 0; i < ticks.Length; i++)
        {
            if (!long.TryParse(words[i + 1], CultureInfo.InvariantCulture, out ticks[i]))
            {
                return null;
            }
        }

        var total = ticks.Sum();
        return new ProcessorTime(total - ticks[IdleColumn] - ticks[IoWaitColumn], total);
    }

    private static long? KiloBytes(string[] lines, string name) =>
        Array.Find(lines, l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(
            line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}

/// <summary>Ticks since the machine's start, of all processors together.</summary>
internal sealed record ProcessorTime(long Busy, long Total)
{
    /// <summary>Part of the time since then that was busy, 0–100; null: none has passed.</summary>
    public int? PercentSince(ProcessorTime before) => Total > before.Total
        ? (int)Math.Clamp((Busy - before.Busy) * 100 / (Total - before.Total), 0, 100)
        : null;
}
