using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>An HTTP server whose answers a test writes byte by byte.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private int _requests;

    /// <param name="answer">Given a request's path and where its answer goes; the connection closes after it.</param>
    public ScriptedServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Requests => Volatile.Read(ref _requests);

    public string Url(string path) => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}";

    public static Task WriteAsync(NetworkStream to, string text) =>
        to.WriteAsync(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n"))).AsTask();

    /// <summary>Status line and headers of an answer with a body of that length.</summary>
    public static Task WriteOkAsync(NetworkStream to, long length) =>
        WriteAsync(to, $"HTTP/1.1 200 OK\nContent-Length: {length}\n\n");

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var request = await reader.ReadLineAsync(_stop.Token) ?? "";
            while (!string.IsNullOrEmpty(await reader.ReadLineAsync(_stop.Token)))
            {
                // Headers say nothing here.
            }

            Interlocked.Increment(ref _requests);
            try
            {
                await _answer(request.Split(' ')[1], stream, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client has gone, or the test is over.
            }
        }
    }
}
