using System.Diagnostics;
using MlCluster.Inference.Batching;
using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>What REST, tokenizer, actors and JSON add to one forward of one short query.</summary>
internal sealed class LatencyMeasure(LoadOptions options, ReferenceModel model, Uri node, string modelId)
{
    private const string Query = "today is sunny";
    private const int WarmUpBlocks = 5;
    private const int Blocks = 20;

    // Short blocks, so that a busy moment of the machine hits both; not single calls, so that caches stay warm.
    private const int BlockSize = 20;

    public MeasureResult Run()
    {
        var request = PredictBody.Request(node, modelId, [Query]);
        var batch = ReferenceModel.Batch([model.Encode(Query)]);
        using var connection = new HttpConnection(node);
        var (rest, forward) = (new List<double>(), new List<double>());
        for (var round = 0; round <= 2 * options.Rounds; round++)
        {
            var (forwards, rests) = (new List<double>(), new List<double>());
            for (var block = 0; block < (round == 0 ? WarmUpBlocks : Blocks); block++)
            {
                AddMicros(forwards, () => model.Forward(batch));
                AddMicros(rests, () => Send(connection, request));
            }

            if (round > 0)
            {
                rest.Add(Samples.Median(rests));
                forward.Add(Samples.Median(forwards));
                Log.Line($"latency: REST p50 {rest[^1]:F0} µs, forward p50 {forward[^1]:F0} µs");
            }
        }

        var added = Samples.Median(rest.Zip(forward, (a, b) => a - b));
        var detail =
            $"REST p50 {Samples.Median(rest):F0} µs, forward p50 {Samples.Median(forward):F0} µs; taken in turns, call "
            + $"by call, so that neither finds its caches warm: {InTurns(connection, request, batch)}";
        return new MeasureResult(
            "Latency", [new Mark("REST p50 − forward p50, one short query, µs", added, 300, AtLeast: false, detail)]);
    }

    /// <summary>Each call comes after a forward, as do those that ask for nothing: HTTP's own share.</summary>
    private string InTurns(HttpConnection connection, byte[] request, TokenBatch batch)
    {
        var nothing = PredictBody.RootRequest(node);
        var (rests, forwards) = Turns(() => Send(connection, request), batch);
        var (roots, _) = Turns(() => Send(connection, nothing), batch);
        return $"{rests - forwards:F0} µs, of which GET / takes {roots:F0} µs";
    }

    private (double Call, double Forward) Turns(Action call, TokenBatch batch)
    {
        var (calls, forwards) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < options.Rounds * Blocks * BlockSize; turn++)
        {
            forwards.Add(Micros(() => model.Forward(batch)));
            calls.Add(Micros(call));
        }

        return (Samples.Median(calls), Samples.Median(forwards));
    }

    private static void Send(HttpConnection connection, byte[] request)
    {
        if (connection.Send(request) is var status && status != 200)
        {
            throw new LoadException($"the node answered {status}");
        }
    }

    private static void AddMicros(List<double> micros, Action action)
    {
        for (var i = 0; i < BlockSize; i++)
        {
            micros.Add(Micros(action));
        }
    }

    private static double Micros(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }
}
