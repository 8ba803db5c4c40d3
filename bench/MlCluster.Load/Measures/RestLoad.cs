using System.Diagnostics;
using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>A closed loop of predict requests.</summary>
/// <param name="Requests">Whole HTTP requests, taken in turn.</param>
/// <param name="Docs">Documents of each.</param>
/// <param name="Concurrency">Connections, one request at a time each.</param>
internal sealed record RestLoad(Uri Node, IReadOnlyList<byte[]> Requests, int Docs, int Concurrency)
{
    // Enough that filling and draining the pipeline is a small part of the time.
    private const int LeastWaves = 3;

    /// <summary>Runs for a time, and for as many requests as fill the pipeline several times.</summary>
    public RestSample Run(TimeSpan time)
    {
        var leastRequests = LeastWaves * Concurrency;
        var (next, done) = (-1, 0);
        var latencies = new System.Collections.Concurrent.ConcurrentBag<double>();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        ForwardLoop.Parallel(Concurrency, () =>
        {
            using var connection = new HttpConnection(Node);
            while (clock.Elapsed < time || Volatile.Read(ref next) < leastRequests)
            {
                var sent = Stopwatch.GetTimestamp();
                Send(connection, Requests[Interlocked.Increment(ref next) % Requests.Count]);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                Interlocked.Increment(ref done);
            }
        });
        var elapsed = clock.Elapsed;
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        return new RestSample(
            done * (double)Docs / elapsed.TotalSeconds,
            Samples.Median(latencies),
            used / elapsed / Environment.ProcessorCount);
    }

    private static void Send(HttpConnection connection, byte[] request)
    {
        var status = connection.Send(request);
        if (status != 200)
        {
            throw new LoadException($"predict → {status} {System.Text.Encoding.UTF8.GetString(connection.Body)}");
        }
    }
}

/// <summary>One run of a closed loop.</summary>
/// <param name="DocsPerSecond">All documents ÷ the time until the last answer.</param>
/// <param name="MedianMilliseconds">Of a request.</param>
/// <param name="ClientCpu">This process' share of the whole machine, 0–1.</param>
internal sealed record RestSample(double DocsPerSecond, double MedianMilliseconds, double ClientCpu);
