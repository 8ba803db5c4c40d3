using System.Text;
using MlCluster.Load.Measures;

namespace MlCluster.Load.Reporting;

/// <summary>The results as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Write(LoadOptions options, IReadOnlyList<MeasureResult> results)
    {
        var head =
            $"# Load\n\nMachine: {Machine.Describe()}.\nArchive: {Path.GetFileName(options.Archive)}. Client, node and references share the machine and run in turns; "
            + $"medians of {options.Rounds} rounds, ratios between neighbours in time. raw = pre-tokenised, equal lengths "
            + "together, at most 1,024 tokens a forward, one thread a core; one at a time = pre-tokenised, one document a "
            + "forward, 2 × cores threads.\n";
        var text = new StringBuilder(head);
        AppendMarks(text, [.. results.SelectMany(result => result.Marks)]);
        foreach (var result in results.Where(result => result.Table.Length > 0))
        {
            text.Append("\n## ").Append(result.Title).Append("\n\n").Append(result.Table);
        }

        return text.ToString();
    }

    private static void AppendMarks(StringBuilder text, IReadOnlyList<Mark> marks)
    {
        text.Append("\n| measure | value | mark | met | numbers |\n|---|---|---|---|---|\n");
        foreach (var mark in marks)
        {
            var row = $"| {mark.Name} | {mark.Value:F2} | {(mark.AtLeast ? '≥' : '≤')} {mark.Limit} "
                + $"| {(mark.IsMet ? "yes" : "no")} | {mark.Detail} |\n";
            text.Append(row);
        }
    }
}
