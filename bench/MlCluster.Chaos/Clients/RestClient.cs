using System.Net.Http.Headers;
using System.Net.Sockets;
using MlCluster.Chaos.Cluster;
using MlCluster.Chaos.Ledger;

namespace MlCluster.Chaos.Clients;

/// <summary>Sends to one gateway and, when it is not there or asks for it, to the next.</summary>
internal sealed class RestClient : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly (string Name, HttpClient Http)[] _gateways;
    private readonly Disturbances _disturbances;
    private readonly ChaosLedger _ledger;
    private int _next;

    public RestClient(
        IEnumerable<(string Name, Uri Address)> gateways, Disturbances disturbances, ChaosLedger ledger)
    {
        (_disturbances, _ledger) = (disturbances, ledger);
        _gateways =
        [
            .. gateways.Select(g => (g.Name, new HttpClient
            {
                BaseAddress = g.Address,
                Timeout = Timeout.InfiniteTimeSpan,
            })),
        ];
    }

    /// <summary>Tries gateways in turn until one answers or the budget is used.</summary>
    public async Task<RestReply> SendAsync(RestRequest request)
    {
        var started = TimeProvider.System.GetTimestamp();
        var attempts = new List<Attempt>();
        do
        {
            if (attempts.Count > 0 && attempts.Count % _gateways.Length == 0)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }

            var (name, http) = _gateways[(uint)Interlocked.Increment(ref _next) % _gateways.Length];
            attempts.Add(await TryAsync(name, http, request));
        }
        while (attempts[^1].End != AttemptEnd.Answered && TimeProvider.System.GetElapsedTime(started) < Budget);
        return new RestReply(attempts);
    }

    public void Dispose()
    {
        foreach (var (_, http) in _gateways)
        {
            http.Dispose();
        }
    }

    private async Task<Attempt> TryAsync(string gateway, HttpClient http, RestRequest request)
    {
        using var timeout = new CancellationTokenSource(request.AttemptTimeout);
        try
        {
            using var message = Message(request);
            using var response = await http.SendAsync(message, timeout.Token);
            var text = await response.Content.ReadAsStringAsync(timeout.Token);
            var status = (int)response.StatusCode;
            return new Attempt(gateway, Attempt.EndOf(status, response.Headers.RetryAfter is not null), status, text);
        }
        catch (OperationCanceledException)
        {
            return new Attempt(gateway, AttemptEnd.Broken, 0, $"no answer within {request.AttemptTimeout}");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            // The client lets a connection's end right after its beginning through as it is.
            await ExplainAsync(gateway, request, e);
            var refused = e is SocketException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };
            return new Attempt(gateway, refused ? AttemptEnd.Refused : AttemptEnd.Broken, 0, e.Message);
        }
    }

    // A gateway that nobody has hit takes connections and answers.
    private async Task ExplainAsync(string gateway, RestRequest request, Exception fault)
    {
        if (!await _disturbances.WereAllHitAsync([gateway]))
        {
            _ledger.Fail($"{gateway} was not hit, {request.Method} {request.Path} → {fault.Message}");
        }
    }

    private static HttpRequestMessage Message(RestRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = Json;
        }
        else if (request.Method != HttpMethod.Get.Method)
        {
            // A request without content is sent again by HttpClient itself where the connection ends before the answer:
            // then "refused" would be the word of the second time, and say nothing of the first.
            message.Content = new ByteArrayContent([]);
        }

        return message;
    }
}
