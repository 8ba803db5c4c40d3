using System.Text;
using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;
using MlCluster.Load.Texts;

namespace MlCluster.Load.Measures;

/// <summary>Documents a second over REST beside the two references, in turns, never at once.</summary>
internal sealed class ThroughputMeasure(LoadOptions options, ReferenceModel model, Uri node, string modelId)
{
    private readonly List<Cell> _cells = [];

    public MeasureResult Run()
    {
        foreach (var set in Sets())
        {
            int[][] documents = [.. set.Texts.Select(model.Encode)];
            var mean = documents.Average(ids => ids.Length);
            var references = new References(ForwardLoop.Raw(model, documents), ForwardLoop.OneAtATime(model, documents));
            Log.Line($"throughput: {set.Name}, {documents.Length} texts, mean {mean:F1} tokens");
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var docs in options.Docs)
                {
                    RunRow(set, docs, references);
                }
            }
        }

        return new MeasureResult("Throughput", [.. Marks()], Table());
    }

    private IEnumerable<TextSet> Sets() => options.TextSets.Select(name => name switch
    {
        "short" => TextSet.Short(options.Pool),
        "mixed" => TextSet.Mixed(options.Pool),
        _ => TextSet.Long(options.Pool),
    });

    /// <summary>References and REST right after one another: a ratio compares neighbours in time.</summary>
    private void RunRow(TextSet set, int docs, References references)
    {
        var requests = PredictBody.Requests(node, modelId, set.Texts, docs);
        var raw = references.Raw.Run(options.CellTime);
        var one = references.OneAtATime.Run(options.CellTime);
        foreach (var concurrency in options.Concurrency)
        {
            var rest = new RestLoad(node, requests, docs, concurrency).Run(options.CellTime);
            var cell = new Cell(set.Name, docs, concurrency, rest, raw, one);
            _cells.Add(cell);
            Log.Line($"  {set.Name} {docs,2} x {concurrency,2}: {rest.DocsPerSecond:F1} docs/s, "
                + $"{cell.ToRaw:F2} of raw {raw:F1}, {cell.ToOne:F2} of one at a time {one:F1}");
        }
    }

    private IEnumerable<Mark> Marks() =>
    [
        .. MarkOf("mixed", "REST ÷ raw, mixed, 32 documents, concurrency 16", 0.80, cell => cell.ToRaw),
        .. MarkOf("mixed", "REST ÷ one at a time, mixed, 32 documents, concurrency 16", 1.2, cell => cell.ToOne),
        .. MarkOf("short", "REST ÷ one at a time, short, 32 documents, concurrency 16", 2.0, cell => cell.ToOne),
    ];

    private IEnumerable<Mark> MarkOf(string texts, string name, double limit, Func<Cell, double> ratio)
    {
        Cell[] cells = [.. _cells.Where(cell => cell is { Docs: 32, Concurrency: 16 } && cell.Texts == texts)];
        if (cells.Length > 0)
        {
            var each = string.Join(", ", cells.Select(c => $"{ratio(c):F2}"));
            yield return new Mark(name, Samples.Median(cells.Select(ratio)), limit, AtLeast: true, $"rounds: {each}");
        }
    }

    private string Table()
    {
        var table = new StringBuilder(
            "| texts | docs a request | concurrency | REST docs/s | raw docs/s | one at a time docs/s | REST ÷ raw "
            + "| REST ÷ one | REST p50 ms | client CPU |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var group in _cells.GroupBy(cell => (cell.Texts, cell.Docs, cell.Concurrency)))
        {
            var row =
                $"| {group.Key.Texts} | {group.Key.Docs} | {group.Key.Concurrency} "
                + $"| {Middle(group, c => c.Rest.DocsPerSecond):F1} | {Middle(group, c => c.Raw):F1} "
                + $"| {Middle(group, c => c.One):F1} | {Middle(group, c => c.ToRaw):F2} "
                + $"| {Middle(group, c => c.ToOne):F2} | {Middle(group, c => c.Rest.MedianMilliseconds):F2} "
                + $"| {Middle(group, c => c.Rest.ClientCpu):P1} |\n";
            table.Append(row);
        }

        return table.ToString();
    }

    private static double Middle(IEnumerable<Cell> cells, Func<Cell, double> value) => Samples.Median(cells.Select(value));

    private sealed record References(ForwardLoop Raw, ForwardLoop OneAtATime);

    private sealed record Cell(string Texts, int Docs, int Concurrency, RestSample Rest, double Raw, double One)
    {
        public double ToRaw => Rest.DocsPerSecond / Raw;

        public double ToOne => Rest.DocsPerSecond / One;
    }
}
