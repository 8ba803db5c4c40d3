using System.Globalization;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Load of this machine for <c>_cat/nodes</c>; a part that cannot be read is <c>-</c>.</summary>
internal sealed record MachineLoad(string HeapPercent, string RamPercent, string Load1, string Load5, string Load15)
{
    private const string Unknown = "-";

    /// <summary>Nothing is known, as of other machines.</summary>
    public static MachineLoad None { get; } = new(Unknown, Unknown, Unknown, Unknown, Unknown);

    /// <summary>Reads this machine's numbers.</summary>
    public static MachineLoad Read()
    {
        var memory = GC.GetGCMemoryInfo();
        var loads = ReadText("/proc/loadavg").Split(' ');
        return new MachineLoad(
            Percent(memory.HeapSizeBytes, memory.TotalAvailableMemoryBytes),
                RamUsed(), At(loads, 0), At(loads, 1), At(loads, 2));
    }

    private static string RamUsed()
    {
        var lines = ReadText("/proc/meminfo").Split('\n');
        return KiloBytes(lines, "MemTotal:") is { } total && KiloBytes(lines, "MemAvailable:") is { } free
            ? Percent(total - free, total)
            : Unknown;
    }

    private static long? KiloBytes(string[] lines, string name) =>
        Array.Find(lines, l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(),
            CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static string Percent(long part, long whole) =>
        whole > 0 ? (part * 100 / whole).ToString(CultureInfo.InvariantCulture) : Unknown;

    private static string At(string[] words, int index) =>
        words.Length > index && words[index].Length > 0 ? words[index] : Unknown;

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
