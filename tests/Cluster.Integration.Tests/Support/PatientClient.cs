using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MlCluster.Integration.Tests.Support;

/// <summary>
/// A client as load balancers and SDKs are: a refused connection or 503 sends it to the next gateway, nothing else
/// does.
/// </summary>
public sealed class PatientClient(IReadOnlyList<Uri> gateways) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A round of all gateways may wait for a budget of control requests each.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient[] _clients =
        [.. gateways.Select(g => new HttpClient { BaseAddress = g, Timeout = TimeSpan.FromSeconds(120) })];

    private int _preferred;

    /// <summary>Times that it had to go to another gateway.</summary>
    public int Detours { get; private set; }

    /// <summary>Sends a request until a gateway answers it with something else than 503.</summary>
    /// <returns>The last answer; 503 when all gave it for too long.</returns>
    /// <exception cref="HttpRequestException">The exchange failed after the connection stood.</exception>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, HttpContent? content)
    {
        var body = content is null ? null : await content.ReadAsByteArrayAsync();
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await TryAsync(method, path, body, content?.Headers.ContentType?.ToString());
            if (answer is { Status: not HttpStatusCode.ServiceUnavailable } || patience.IsCancellationRequested)
            {
                return answer ?? (HttpStatusCode.ServiceUnavailable, "no gateway lets anybody connect");
            }

            _preferred++;
            Detours++;
            await Task.Delay(Pause);
        }
    }

    /// <summary>Sends a request with a JSON body.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendJsonAsync(string method, string path, string? json)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(method, path, content);
    }

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(_clients, c => c.Dispose());

    // Null: nobody listens there.
    private async Task<(HttpStatusCode Status, string Body)?> TryAsync(
        string method, string path, byte[]? body, string? contentType)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        try
        {
            using var response = await _clients[_preferred % _clients.Length].SendAsync(request);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException e)
            when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return null;
        }
    }
}
