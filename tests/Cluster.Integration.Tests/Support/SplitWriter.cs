using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace MlCluster.Integration.Tests.Support;

/// <summary>Clients of one node that write all the time and keep what they were told.</summary>
public sealed class SplitWriter(MlClient client, string metaBody, IReadOnlyList<string> victims, string deployed)
{
    // One may wait for the other side while others go on.
    private const int Registering = 4;

    // Every fact is looked up on every node at the end.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private static readonly HttpStatusCode[] Plain =
    [
        HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable,
    ];

    private readonly ConcurrentQueue<string> _registered = new();
    private readonly ConcurrentQueue<string> _deleted = new();
    private readonly ConcurrentQueue<string> _tasks = new();
    private readonly ConcurrentQueue<string> _wrong = new();

    /// <summary>Models that were acknowledged.</summary>
    public IReadOnlyCollection<string> Registered => _registered;

    /// <summary>Models whose removal was acknowledged.</summary>
    public IReadOnlyCollection<string> Deleted => _deleted;

    /// <summary>Tasks that were acknowledged.</summary>
    public IReadOnlyCollection<string> Tasks => _tasks;

    /// <summary>Answers that are neither yes nor a refusal with a reason.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>Registers, removes and deploys until it is told to stop or nobody answers.</summary>
    public Task WriteAsync(CancellationToken stop) => Task.WhenAll(
    [
        .. Enumerable.Range(0, Registering).Select(_ => RegisterAsync(stop)), DeleteAsync(stop), DeployAsync(stop),
    ]);

    private async Task RegisterAsync(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested
            && await SendAsync(
                "POST", "/_plugins/_ml/models/meta", metaBody, b => _registered.Enqueue((string)b["model_id"]!)))
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task DeleteAsync(CancellationToken stop)
    {
        foreach (var victim in victims)
        {
            if (stop.IsCancellationRequested
                || !await SendAsync("DELETE", $"/_plugins/_ml/models/{victim}", null, _ => _deleted.Enqueue(victim)))
            {
                return;
            }
        }
    }

    private async Task DeployAsync(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested
            && await SendAsync(
                "POST", $"/_plugins/_ml/models/{deployed}/_deploy", null, b => _tasks.Enqueue((string)b["task_id"]!)))
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<bool> SendAsync(string method, string path, string? body, Action<JsonNode> take)
    {
        try
        {
            var (status, answer) = await client.SendAsync(method, path, body);
            if (status == HttpStatusCode.OK)
            {
                take(answer);
            }
            else if (!Plain.Contains(status))
            {
                _wrong.Enqueue($"{method} {path} → {(int)status} {answer.ToJsonString()}");
            }

            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
