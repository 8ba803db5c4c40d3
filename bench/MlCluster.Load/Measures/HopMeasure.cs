using System.Diagnostics;
using MlCluster.Load.Node;
using MlCluster.Load.Reporting;
using MlCluster.Load.Texts;

namespace MlCluster.Load.Measures;

/// <summary>What it costs that gateway and ml are two processes and not one.</summary>
internal sealed class HopMeasure(LoadOptions options)
{
    private const int Calls = 200;
    private const int Texts = 512;

    public async Task<MeasureResult> RunAsync()
    {
        await using var one = await NodeProcess.StartAsync(options, "hop-one");
        await using var two = await NodeCluster.StartAsync(options, "hop-two", workers: 1);
        using var client = new MlClient(one.Address);
        var (together, apart) = (await ServeAsync(client, one), await ServeAsync(two.Client, two.Front));
        var rows = new List<string>
        {
            Row("p50 of one short query, µs", together, apart, t => Latency(t)),
            Row("docs/s, short, 1 document, concurrency 4", together, apart, t => Rate(t, TextSet.Short(Texts), 1, 4)),
            Row(
                "docs/s, mixed, 32 documents, concurrency 16", together, apart,
                t => Rate(t, TextSet.Mixed(Texts), 32, 16)),
        };
        return new MeasureResult(
            "Gateway and ml in one process and in two",
            [],
            "| measure | one process | two processes | one ÷ two, by round |\n|---|---|---|---|\n"
            + string.Concat(rows));
    }

    private async Task<Target> ServeAsync(MlClient client, NodeProcess node)
    {
        var modelId = await client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        await client.DeployAsync(modelId);
        var target = new Target(node.Address, modelId);
        Latency(target);
        return target;
    }

    /// <summary>In turns: a ratio compares neighbours in time.</summary>
    private string Row(string name, Target together, Target apart, Func<Target, double> measure)
    {
        var rounds = Enumerable.Range(0, options.Rounds)
            .Select(_ => (One: measure(together), Two: measure(apart)))
            .ToList();
        var (one, two) = (Samples.Median(rounds.Select(r => r.One)), Samples.Median(rounds.Select(r => r.Two)));
        var row =
            $"| {name} | {one:F1} | {two:F1} "
            + $"| {string.Join(", ", rounds.Select(r => $"{r.One / r.Two:F2}"))} |\n";
        Log.Line($"hop: {row.TrimEnd()}");
        return row;
    }

    private static double Latency(Target target)
    {
        var request = PredictBody.Request(target.Node, target.ModelId, ["today is sunny"]);
        using var connection = new HttpConnection(target.Node);
        return Samples.Median(Enumerable.Range(0, Calls).Select(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            return connection.Send(request) is 200
                ? Stopwatch.GetElapsedTime(started).TotalMicroseconds
                : throw new LoadException("a prediction was refused");
        }).ToList());
    }

    private double Rate(Target target, TextSet texts, int docs, int concurrency)
    {
        var requests = PredictBody.Requests(target.Node, target.ModelId, texts.Texts, docs);
        return new RestLoad(target.Node, requests, docs, concurrency).Run(options.CellTime).DocsPerSecond;
    }

    private sealed record Target(Uri Node, string ModelId);
}
