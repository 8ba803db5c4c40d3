using System.Diagnostics;
using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>What REST, tokenizer, actors and JSON add to one forward of one short query.</summary>
internal sealed class LatencyMeasure(LoadOptions options, ReferenceModel model, Uri node, string modelId)
{
    private const string Query = "today is sunny";
    private const int WarmUp = 100;
    private const int Samples = 300;

    public MeasureResult Run()
    {
        var request = PredictBody.Request(node, modelId, [Query]);
        var batch = ReferenceModel.Batch([model.Encode(Query)]);
        using var connection = new HttpConnection(node);
        var (rest, forward) = (new List<double>(), new List<double>());
        for (var round = 0; round <= 2 * options.Rounds; round++)
        {
            var count = round == 0 ? WarmUp : Samples;
            var forwardMicros = MedianMicros(count, () => model.Forward(batch));
            var restMicros = MedianMicros(count, () => Send(connection, request));
            if (round > 0)
            {
                rest.Add(restMicros);
                forward.Add(forwardMicros);
                Log.Line($"latency: REST p50 {restMicros:F0} µs, forward p50 {forwardMicros:F0} µs");
            }
        }

        var added = Reporting.Samples.Median(rest.Zip(forward, (a, b) => a - b));
        var detail =
            $"REST p50 {Reporting.Samples.Median(rest):F0} µs, forward p50 {Reporting.Samples.Median(forward):F0} µs";
        return new MeasureResult(
            "Latency", [new Mark("REST p50 − forward p50, one short query, µs", added, 300, AtLeast: false, detail)]);
    }

    private static void Send(HttpConnection connection, byte[] request)
    {
        if (connection.Send(request) is var status && status != 200)
        {
            throw new LoadException($"predict → {status}");
        }
    }

    private static double MedianMicros(int count, Action action)
    {
        var micros = new double[count];
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            action();
            micros[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return Reporting.Samples.Median(micros);
    }
}
