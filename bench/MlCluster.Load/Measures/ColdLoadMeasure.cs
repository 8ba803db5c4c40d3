using System.Diagnostics;
using MlCluster.Load.Node;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>The first load of an archive on nodes that have never seen it, beside one read of the archive.</summary>
internal sealed class ColdLoadMeasure(LoadOptions options)
{
    private static readonly int[][] Groups = [[0], [1, 2]];

    public async Task<MeasureResult> RunAsync()
    {
        await using var cluster = await NodeCluster.StartAsync(options, "cold", workers: 3);
        var modelId = await cluster.Client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        ReadMilliseconds();
        var rows = new List<string>();
        foreach (var group in Groups)
        {
            var (read, ids) = (ReadMilliseconds(), await cluster.IdsAsync(group));
            var clock = Stopwatch.StartNew();
            await cluster.Client.DeployAsync(modelId, ids);
            var load = clock.Elapsed.TotalMilliseconds;
            rows.Add($"| {group.Length} | {load:F0} | {read:F0} | {load / read:F1} |\n");
            Log.Line($"cold: {load:F0} ms on {group.Length} nodes at once, {read:F0} ms to read the archive");
        }

        return new MeasureResult(
            "First load: fetch, verify, unpack, rehearse, load, warm up",
            [],
            "| nodes at once | load ms | read of the archive ms | load ÷ read |\n|---|---|---|---|\n"
            + string.Concat(rows));
    }

    private double ReadMilliseconds()
    {
        var clock = Stopwatch.StartNew();
        GC.KeepAlive(File.ReadAllBytes(options.Archive));
        return clock.Elapsed.TotalMilliseconds;
    }
}
