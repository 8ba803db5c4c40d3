using System.Globalization;
using System.Text;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos;

/// <summary>The result as Markdown.</summary>
internal static class ChaosReport
{
    public static string Write(ChaosOptions options, ChaosResult result, TimeSpan took)
    {
        var text = new StringBuilder()
            .AppendLine("# Chaos")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{Machine()}; seed {options.Seed}, {options.Kills} kills, {options.Lives} lives, settled every {options.SettleEvery} blows, {Settings(options)}; took {took.TotalMinutes:0} min.")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"**{result.Line}**")
            .AppendLine();
        foreach (var detail in result.Details)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {detail.ReplaceLineEndings(" ")}");
        }

        return text.ToString();
    }

    private static string Settings(ChaosOptions options)
    {
        var patience = options.Patience is { } pause
            ? string.Create(CultureInfo.InvariantCulture, $"failure detector's pause {pause.TotalSeconds} s")
            : "settings as shipped";
        return options.Tls ? patience + ", TLS between nodes" : patience;
    }

    private static string Machine()
    {
        const string file = "/proc/cpuinfo";
        var model = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model?.Split(':')[^1].Trim() ?? "unknown processor"}, {Environment.ProcessorCount} cores, {memory} GiB");
    }
}
