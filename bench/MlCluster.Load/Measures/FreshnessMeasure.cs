using System.Diagnostics;
using System.Text.Json.Nodes;
using MlCluster.Load.Node;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>How old a search may be: from the acknowledgement of a change to the first search that shows it.</summary>
internal sealed class FreshnessMeasure(LoadOptions options)
{
    private const int Changes = 100;
    private const int WarmUpChanges = 5;
    private const double LimitMilliseconds = 1_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    private readonly List<double> _registered = [];
    private readonly List<double> _renamed = [];
    private readonly List<double> _deleted = [];

    public async Task<MeasureResult> RunAsync()
    {
        await using var node = await NodeProcess.StartAsync(options, "freshness");
        using var client = new MlClient(node.Address);
        for (var change = -WarmUpChanges; change < Changes; change++)
        {
            if (change == 0)
            {
                _registered.Clear();
                _renamed.Clear();
                _deleted.Clear();
            }

            await ChangeAsync(client, $"renamed {change}");
        }

        return new MeasureResult(
            "Freshness of search",
            [MarkOf("a registration", _registered), MarkOf("a change", _renamed), MarkOf("a deletion", _deleted)]);
    }

    private async Task ChangeAsync(MlClient client, string name)
    {
        var modelId = await client.RegisterDocumentAsync("fresh");
        _registered.Add(await UntilAsync(() => client.CountAsync(ById(modelId)), 1));
        await client.RenameAsync(modelId, name);
        _renamed.Add(await UntilAsync(() => client.CountAsync(ByName(name)), 1));
        await client.DeleteAsync(modelId);
        _deleted.Add(await UntilAsync(() => client.CountAsync(ById(modelId)), 0));
    }

    private static async Task<double> UntilAsync(Func<Task<int>> count, int wanted)
    {
        using var timer = new PeriodicTimer(Poll);
        var clock = Stopwatch.StartNew();
        while (await count() != wanted)
        {
            if (clock.Elapsed > Deadline)
            {
                throw new LoadException($"no search has shown a change within {Deadline}");
            }

            await timer.WaitForNextTickAsync();
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    private static JsonObject ById(string modelId) =>
        new() { ["ids"] = new JsonObject { ["values"] = new JsonArray(modelId) } };

    private static JsonObject ByName(string name) => new() { ["term"] = new JsonObject { ["name.keyword"] = name } };

    private static Mark MarkOf(string what, List<double> milliseconds)
    {
        var detail = $"{milliseconds.Count} on SQLite: p50 {Samples.Median(milliseconds):F0} ms, "
            + $"p99 {Samples.Percentile(milliseconds, 0.99):F0} ms, max {milliseconds.Max():F0} ms";
        Log.Line($"freshness: {what}, {detail}");
        return new Mark(
            $"acknowledgement of {what} → first search that shows it, max, ms",
            milliseconds.Max(), LimitMilliseconds, AtLeast: false, detail);
    }
}
