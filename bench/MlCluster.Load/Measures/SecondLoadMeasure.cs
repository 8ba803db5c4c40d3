using System.Diagnostics;
using System.Runtime.InteropServices;
using MlCluster.Load.Node;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>A load of content that the node has already unpacked and rehearsed, beside a read of the file.</summary>
internal sealed class SecondLoadMeasure(LoadOptions options, string modelFile, Uri node, string modelId)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    public async Task<MeasureResult> RunAsync()
    {
        using var client = new MlClient(node);
        await client.DeployAsync(modelId);
        ReadMilliseconds();
        var (loads, reads) = (new List<double>(), new List<double>());
        for (var round = 0; round < 2 * options.Rounds; round++)
        {
            await client.UndeployAsync(modelId);
            reads.Add(ReadMilliseconds());
            loads.Add(await LoadMillisecondsAsync(client));
            Log.Line($"load: {loads[^1]:F0} ms to the first vector, {reads[^1]:F0} ms to read the file");
        }

        var detail =
            $"request → first vector {Samples.Median(loads):F0} ms, read into memory {Samples.Median(reads):F0} ms";
        var ratio = Samples.Median(loads.Zip(reads, (load, read) => load / read));
        return new MeasureResult(
            "Second load", [new Mark("second load ÷ cached read of its .pt", ratio, 8, AtLeast: false, detail)]);
    }

    private async Task<double> LoadMillisecondsAsync(MlClient client)
    {
        var request = PredictBody.Request(node, modelId, ["today is sunny"]);
        using var connection = new HttpConnection(node);
        using var timer = new PeriodicTimer(Poll);
        var clock = Stopwatch.StartNew();
        var accepted = await client.RequestDeployAsync(modelId);
        while (connection.Send(request) != 200)
        {
            if (clock.Elapsed > Deadline)
            {
                throw new LoadException($"no vector within {Deadline} of a load");
            }

            await timer.WaitForNextTickAsync();
        }

        var elapsed = clock.Elapsed.TotalMilliseconds;
        await client.FinishAsync(accepted);
        return elapsed;
    }

    /// <summary>Into fresh memory, as a load must: a managed array would be put where the last one was.</summary>
    private unsafe double ReadMilliseconds()
    {
        using var file = File.OpenHandle(modelFile);
        var length = checked((int)RandomAccess.GetLength(file));
        var clock = Stopwatch.StartNew();
        var memory = (byte*)NativeMemory.Alloc((nuint)length);
        try
        {
            for (var read = 0; read < length;)
            {
                read += RandomAccess.Read(file, new Span<byte>(memory + read, length - read), read);
            }

            return clock.Elapsed.TotalMilliseconds;
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }
}
