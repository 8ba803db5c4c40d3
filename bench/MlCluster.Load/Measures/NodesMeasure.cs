using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;
using MlCluster.Load.Texts;

namespace MlCluster.Load.Measures;

/// <summary>
/// What a second ml node adds, each pinned to one core, and what a second thread of the raw reference adds: cores share
/// memory and caches, so two of them are not twice one.
/// </summary>
internal sealed class NodesMeasure(LoadOptions options, ReferenceModel model)
{
    public async Task<MeasureResult> RunAsync()
    {
        await using var cluster = await NodeCluster.StartAsync(options, "nodes", workers: 2, pinned: true);
        var modelId = await cluster.Client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        var ids = await cluster.IdsAsync(0, 1);
        var texts = TextSet.Mixed(options.Pool).Texts;
        var requests = PredictBody.Requests(cluster.Front.Address, modelId, texts, docs: 32);
        var raw = ForwardLoop.Raw(model, texts.Select(model.Encode));
        var rounds = new List<Round>();
        // The first one finds everything cold.
        for (var round = 0; round <= options.Rounds; round++)
        {
            await cluster.Client.DeployAsync(modelId, [ids[round % 2]]);
            var one = Rate(cluster, requests);
            var rawOne = (raw with { Threads = 1 }).RunPass();
            var rawTwo = (raw with { Threads = 2 }).RunPass();
            await cluster.Client.DeployAsync(modelId, ids);
            var two = Rate(cluster, requests);
            await cluster.Client.UndeployAsync(modelId);
            var measured = new Round(one, two, rawOne, rawTwo);
            Log.Line(
                $"nodes: {one:F1} docs/s on one, {two:F1} on two, {measured.Nodes:F2}; raw {rawOne:F1} on one thread, "
                + $"{rawTwo:F1} on two, {measured.Raw:F2}");
            if (round > 0)
            {
                rounds.Add(measured);
            }
        }

        var detail =
            $"{Median(rounds, r => r.One):F1} docs/s on one, {Median(rounds, r => r.Two):F1} on two; rounds: "
            + $"{Each(rounds, r => r.Nodes)}; two threads of raw ÷ one: {Median(rounds, r => r.Raw):F2} "
            + $"({Median(rounds, r => r.RawOne):F1} and {Median(rounds, r => r.RawTwo):F1} docs/s; rounds: "
            + $"{Each(rounds, r => r.Raw)})";
        return new MeasureResult("Nodes", [new Mark(
            "two ml nodes ÷ one, a core each, mixed, 32 documents, concurrency 16",
            Median(rounds, r => r.Nodes), 1.85, AtLeast: true, detail)]);
    }

    private static double Median(IEnumerable<Round> rounds, Func<Round, double> value) =>
        Samples.Median(rounds.Select(value));

    private static string Each(IEnumerable<Round> rounds, Func<Round, double> value) =>
        string.Join(", ", rounds.Select(r => $"{value(r):F2}"));

    private double Rate(NodeCluster cluster, byte[][] requests) =>
        new RestLoad(cluster.Front.Address, requests, Docs: 32, Concurrency: 16).Run(options.CellTime).DocsPerSecond;

    /// <summary>Documents a second of one round.</summary>
    private sealed record Round(double One, double Two, double RawOne, double RawTwo)
    {
        public double Nodes => Two / One;

        public double Raw => RawTwo / RawOne;
    }
}
