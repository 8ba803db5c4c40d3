using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Data.Uploads;

/// <summary>Opens what a URL names, under the policy: text, every redirect, every address it connects to.</summary>
internal sealed class UrlFetcher : IDisposable
{
    private readonly Func<UrlPolicy> _policy;
    private readonly TimeSpan _silence;
    private readonly HttpClient _client;

    /// <param name="policy">As it is now.</param>
    /// <param name="connectTimeout">Until a connection stands.</param>
    /// <param name="silence">Longest wait for the head of an answer; its body is the pump's.</param>
    public UrlFetcher(Func<UrlPolicy> policy, TimeSpan connectTimeout, TimeSpan silence)
    {
        (_policy, _silence) = (policy, silence);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            // A proxy would connect for us, where no address can be checked.
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = connectTimeout,
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Opens the content; reading it is the caller's.</summary>
    /// <exception cref="DownloadException">Refused, unreachable, or not there.</exception>
    public async Task<RemoteContent> OpenAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            return await FollowAsync(url, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new DownloadException($"{url}: {Reason(e)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException($"{url}: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task<RemoteContent> FollowAsync(string url, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= UrlPolicy.MaxRedirects; redirects++)
        {
            Refuse(_policy().Refusal(url));
            var uri = new Uri(url);
            if (uri.IsFile)
            {
                // A web server has no say over this machine's files.
                Refuse(redirects == 0 ? null : "a redirect to a file is not followed");
                return OpenFile(uri.LocalPath);
            }

            var response = await AskAsync(uri, cancellationToken);
            if (RedirectOf(response) is not { } location)
            {
                return await ContentOfAsync(url, response, cancellationToken);
            }

            response.Dispose();
            url = new Uri(uri, location).AbsoluteUri;
        }

        throw new DownloadException(string.Create(
            CultureInfo.InvariantCulture, $"{url}: more than {UrlPolicy.MaxRedirects} redirects"));
    }

    // The client's own timeout stays off, since it would bound the whole body.
    private async Task<HttpResponseMessage> AskAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(_silence);
        try
        {
            return await _client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(
                e.InnerException is TimeoutException connecting
                    ? $"{uri}: {connecting.Message}"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{uri}: no answer came for {(long)_silence.TotalSeconds} seconds"),
                e);
        }
    }

    private static Uri? RedirectOf(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 ? response.Headers.Location : null;

    private static async Task<RemoteContent> ContentOfAsync(
        string url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var status = string.Create(
                CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}");
            response.Dispose();
            throw new DownloadException($"{url}: the server answered {status}");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new RemoteContent(stream, response.Content.Headers.ContentLength, response);
    }

    private RemoteContent OpenFile(string path)
    {
        var real = RealPath.Resolve(path);
        Refuse(_policy().FileRefusal(real));
        // Opening a pipe or a device would wait for ever; they have no length.
        Refuse(new FileInfo(real) is { Exists: true, Length: 0 } ? $"{real} is empty or is not a regular file" : null);
        var stream = new FileStream(
            real,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        return new RemoteContent(stream, stream.CanSeek ? stream.Length : null, null);
    }

    // The address that was checked is the one that is connected to: a name may resolve to another one a moment later.
    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endPoint = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var policy = _policy();
        var allowed = addresses.Where(a => policy.Refusal(a) is null).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                addresses.Length > 0 ? policy.Refusal(addresses[0]) : $"{endPoint.Host} has no address");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Refuse(string? reason)
    {
        if (reason is not null)
        {
            throw new DownloadException(reason);
        }
    }

    private static string Reason(HttpRequestException e) => e.HttpRequestError == HttpRequestError.SecureConnectionError
        ? $"no secure connection: {Innermost(e).Message} If the server is yours, have the nodes trust who issued its "
            + "certificate: among the authorities of their machine, or by SSL_CERT_FILE in their environment"
        : Innermost(e).Message;

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}

/// <summary>An open download.</summary>
/// <param name="Stream">The bytes.</param>
/// <param name="LengthBytes">As announced; null: not announced.</param>
internal sealed record RemoteContent(Stream Stream, long? LengthBytes, IDisposable? Owner) : IAsyncDisposable
{
    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        Owner?.Dispose();
    }
}
