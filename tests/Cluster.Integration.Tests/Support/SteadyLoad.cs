using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Xunit.Sdk;

namespace MlCluster.Integration.Tests.Support;

/// <summary>Clients that send one request after the other and note each that was not answered as it should be.</summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<string> _failed = new();
    private readonly ConcurrentDictionary<int, long> _sent = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PatientClient> _clients = [];
    private readonly List<Task> _loops = [];
    private long _answered;
    private long _longestTicks;

    /// <summary>Requests that were answered as they should be.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>The longest time that one took.</summary>
    public TimeSpan Longest => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _longestTicks));

    /// <summary>How long the oldest one waits that is not answered yet.</summary>
    public TimeSpan OldestWait => _sent.Values.Select(s => Stopwatch.GetElapsedTime(s)).DefaultIfEmpty().Max();

    /// <summary>Starts clients that predict through these gateways and compare the vectors.</summary>
    public static SteadyLoad Predict(IReadOnlyList<Uri> gateways, string modelId, int clients = 4)
    {
        var load = new SteadyLoad();
        var golden = GoldenAnswer.Tiny();
        for (var number = 0; number < clients; number++)
        {
            var (client, turn) = (load.Client(gateways, number), number);
            load.Run(number, () => PredictAsync(client, modelId, golden[turn++ % golden.Count]));
        }

        return load;
    }

    /// <summary>Starts a client that uploads, reads and deletes models through these gateways.</summary>
    public static SteadyLoad Control(IReadOnlyList<Uri> gateways)
    {
        var load = new SteadyLoad();
        var client = load.Client(gateways, 0);
        load.Run(0, () => ModelLife.LiveAsync(client));
        return load;
    }

    /// <summary>Waits until so many more were answered.</summary>
    public Task AwaitMoreAsync(int count)
    {
        var wanted = Answered + count;
        return MlClient.UntilAsync(
            () => Task.FromResult(Answered >= wanted),
            () => $"{count} more requests are answered; failed: {Failures}");
    }

    /// <summary>Stops the clients; none of their requests may have failed.</summary>
    public async Task AssertNothingFailedAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        Assert.True(_failed.IsEmpty, $"failed, of {Answered + _failed.Count} requests: {Failures}");
        Assert.True(Answered > 0, "no request was answered");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _clients.ForEach(c => c.Dispose());
        _stop.Dispose();
    }

    private string Failures => $"{_failed.Count}\n{string.Join('\n', _failed.Take(20))}";

    private static async Task PredictAsync(PatientClient client, string modelId, GoldenAnswer golden)
    {
        var request = new JsonObject
        {
            ["text_docs"] = new JsonArray(golden.Text),
            ["target_response"] = new JsonArray("sentence_embedding"),
        };
        var path = $"/_plugins/_ml/models/{modelId}/_predict";
        var (status, body) = await client.SendJsonAsync("POST", path, request.ToJsonString());
        Assert.True(status == HttpStatusCode.OK, $"predict → {(int)status} {body}");
        var data = JsonNode.Parse(body)!["inference_results"]![0]!["output"]![0]!["data"]!.AsArray();
        golden.AssertEqual([.. data.Select(v => (float)v!)]);
    }

    // Each begins at another gateway.
    private PatientClient Client(IReadOnlyList<Uri> gateways, int number)
    {
        var client = new PatientClient([.. gateways.Skip(number % gateways.Count), .. gateways.Take(number % gateways.Count)]);
        _clients.Add(client);
        return client;
    }

    private void Run(int number, Func<Task> request) => _loops.Add(Task.Run(() => LoopAsync(number, request)));

    private async Task LoopAsync(int number, Func<Task> request)
    {
        while (!_stop.IsCancellationRequested)
        {
            var started = _sent[number] = Stopwatch.GetTimestamp();
            try
            {
                await request();
                Interlocked.Increment(ref _answered);
            }
            catch (Exception e) when (e is XunitException or HttpRequestException or OperationCanceledException)
            {
                _failed.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} after {Stopwatch.GetElapsedTime(started)}: {e}");
            }

            _sent.TryRemove(number, out _);
            Note(Stopwatch.GetTimestamp() - started);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(long ticks)
    {
        while (Interlocked.Read(ref _longestTicks) is var longest && ticks > longest)
        {
            Interlocked.CompareExchange(ref _longestTicks, ticks, longest);
        }
    }
}
