using System.Collections.Concurrent;
using System.Diagnostics;
using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>What clients notice when one of two ml nodes is killed.</summary>
internal sealed class FailoverMeasure(LoadOptions options)
{
    private const int Connections = 4;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(30);

    public async Task<MeasureResult> RunAsync()
    {
        await using var cluster = await NodeCluster.StartAsync(options, "failover", workers: 2);
        var modelId = await cluster.Client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        await cluster.Client.DeployAsync(modelId);
        var request = PredictBody.Request(cluster.Front.Address, modelId, ["today is sunny"]);
        var clock = Stopwatch.StartNew();
        var answers = new ConcurrentBag<Answer>();
        var load = Task.Factory.StartNew(
            () => ForwardLoop.Parallel(Connections, () => Ask(cluster.Front.Address, request, clock, answers)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        using var timer = new PeriodicTimer(Before);
        await timer.WaitForNextTickAsync();
        var killed = clock.Elapsed;
        cluster.Workers[1].Kill();
        await load;
        return Result(killed, [.. answers]);
    }

    private static void Ask(Uri node, byte[] request, Stopwatch clock, ConcurrentBag<Answer> answers)
    {
        using var connection = new HttpConnection(node);
        while (clock.Elapsed < Before + After)
        {
            var sent = clock.Elapsed;
            var status = connection.Send(request);
            answers.Add(new Answer(sent, clock.Elapsed, status == 200));
        }
    }

    private static MeasureResult Result(TimeSpan killed, Answer[] answers)
    {
        var (before, after) = (answers.Where(a => a.At <= killed).ToList(), answers.Where(a => a.At > killed).ToList());
        var table =
            "| what | before the kill | after it |\n|---|---|---|\n"
            + $"| requests | {before.Count} | {after.Count} |\n"
            + $"| failed | {before.Count(a => !a.IsGood)} | {after.Count(a => !a.IsGood)} |\n"
            + $"| longest time without an answer, ms | {Gap(before):F0} | {Gap(after):F0} |\n"
            + $"| longest request, ms | {Longest(before):F0} | {Longest(after):F0} |\n";
        Log.Line($"failover: {after.Count(a => !a.IsGood)} failed, longest gap {Gap(after):F0} ms");
        return new MeasureResult("One of two ml nodes killed", [], table);
    }

    private static double Gap(List<Answer> answers)
    {
        TimeSpan[] good = [.. answers.Where(a => a.IsGood).Select(a => a.At).Order()];
        return good.Zip(good.Skip(1), (a, b) => (b - a).TotalMilliseconds).DefaultIfEmpty(double.NaN).Max();
    }

    private static double Longest(List<Answer> answers) =>
        answers.Select(a => (a.At - a.Sent).TotalMilliseconds).DefaultIfEmpty(double.NaN).Max();

    private sealed record Answer(TimeSpan Sent, TimeSpan At, bool IsGood);
}
