using MlCluster.Load.Node;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>Whether unloading gives a model's memory back, cycle after cycle, in a node of its own.</summary>
internal sealed class RssMeasure(LoadOptions options, string modelFile)
{
    private const double Mebibyte = 1024 * 1024;

    public async Task<MeasureResult> RunAsync()
    {
        await using var node = await NodeProcess.StartAsync(options, "rss");
        using var client = new MlClient(node.Address);
        var modelId = await client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        var resident = new List<long>();
        for (var cycle = 0; cycle < options.Cycles; cycle++)
        {
            await client.DeployAsync(modelId);
            using var connection = new HttpConnection(node.Address);
            connection.Send(PredictBody.Request(node.Address, modelId, ["today is sunny"]));
            await client.UndeployAsync(modelId);
            resident.Add(node.ResidentBytes());
            Log.Line($"rss: {resident[^1] / Mebibyte:F1} MiB after cycle {cycle + 1}");
        }

        var size = new FileInfo(modelFile).Length;
        var growth = resident[^1] - resident[0];
        var detail =
            $"{resident[0] / Mebibyte:F1} MiB after cycle 1, {resident[^1] / Mebibyte:F1} MiB after cycle "
            + $"{options.Cycles}, file {size / Mebibyte:F1} MiB";
        return new MeasureResult(
            "Memory over loads",
            [new Mark("RSS growth over the cycles, % of the file", 100.0 * growth / size, 10, AtLeast: false, detail)]);
    }
}
