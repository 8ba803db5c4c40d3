using MlCluster.Load.Node;
using MlCluster.Load.Reporting;
using MlCluster.Load.Texts;

namespace MlCluster.Load.Measures;

/// <summary>What a second ml node adds, each pinned to one core.</summary>
internal sealed class NodesMeasure(LoadOptions options)
{
    public async Task<MeasureResult> RunAsync()
    {
        await using var cluster = await NodeCluster.StartAsync(options, "nodes", workers: 2, pinned: true);
        var modelId = await cluster.Client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        var ids = await cluster.IdsAsync(0, 1);
        var texts = TextSet.Mixed(options.Pool).Texts;
        var requests = PredictBody.Requests(cluster.Front.Address, modelId, texts, docs: 32);
        var rounds = new List<(double One, double Two)>();
        // The first one finds everything cold.
        for (var round = 0; round <= options.Rounds; round++)
        {
            await cluster.Client.DeployAsync(modelId, [ids[round % 2]]);
            var one = Rate(cluster, requests);
            await cluster.Client.DeployAsync(modelId, ids);
            var two = Rate(cluster, requests);
            await cluster.Client.UndeployAsync(modelId);
            Log.Line($"nodes: {one:F1} docs/s on one, {two:F1} on two, {two / one:F2}");
            if (round > 0)
            {
                rounds.Add((one, two));
            }
        }

        var detail =
            $"{Samples.Median(rounds.Select(r => r.One)):F1} docs/s on one, "
            + $"{Samples.Median(rounds.Select(r => r.Two)):F1} on two; rounds: {string.Join(", ", rounds.Select(r => $"{r.Two / r.One:F2}"))}";
        return new MeasureResult("Nodes", [new Mark(
            "two ml nodes ÷ one, a core each, mixed, 32 documents, concurrency 16",
            Samples.Median(rounds.Select(r => r.Two / r.One)), 1.85, AtLeast: true, detail)]);
    }

    private double Rate(NodeCluster cluster, byte[][] requests) =>
        new RestLoad(cluster.Front.Address, requests, Docs: 32, Concurrency: 16).Run(options.CellTime).DocsPerSecond;
}
