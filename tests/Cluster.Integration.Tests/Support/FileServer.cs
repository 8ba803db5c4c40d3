using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MlCluster.Integration.Tests.Support;

/// <summary>An HTTP server for uploads by URL, with the faults that real ones have.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private const int Port = 8080;
    private const int CuttingPort = 8081;
    private const int SecurePort = 8443;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heldRequests;

    private FileServer(WebApplication app, string host) => (_app, Host) = (app, host);

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"http://{Host}:{Port}");

    /// <summary>Where every connection ends after half of the file.</summary>
    public Uri CuttingAddress => new($"http://{Host}:{CuttingPort}");

    /// <summary>Where it listens with TLS, if it was given a certificate.</summary>
    public Uri SecureAddress => new($"https://{Host}:{SecurePort}");

    private string Host { get; }

    /// <summary>Ends the wait of <c>/held.zip</c>.</summary>
    public void LetGo() => _go.TrySetResult();

    /// <summary>Requests for <c>/held.zip</c> so far.</summary>
    public int HeldRequests => Volatile.Read(ref _heldRequests);

    /// <summary>Serves a file under <c>/whole.zip</c>, and under <c>/silent.zip</c> its first half, then nothing;
    /// <c>/held.zip</c> sends its second half when it is let go.</summary>
    /// <param name="file">What is served.</param>
    /// <param name="certificate">Gives a PFX for the server's IP address; null: it has no TLS.</param>
    public static async Task<FileServer> StartAsync(string file, Func<string, string>? certificate = null)
    {
        var host = NodeProcess.NewAddress();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(host), Port);
            kestrel.Listen(IPAddress.Parse(host), CuttingPort, o => o.Run(connection => CutAsync(connection, file)));
            if (certificate is not null)
            {
                kestrel.Listen(IPAddress.Parse(host), SecurePort, o => o.UseHttps(certificate(host)));
            }
        });
        var app = builder.Build();
        var server = new FileServer(app, host);
        app.Map("/whole.zip", branch => branch.Run(c => c.Response.SendFileAsync(file)));
        app.Map("/held.zip", branch => branch.Run(c => server.HoldAsync(c, file)));
        app.Map("/silent.zip", branch => branch.Run(c => server.FallSilentAsync(c, file)));
        await app.StartAsync();
        return server;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    // By hand: a web server that gives up an answer resets the connection, which may swallow what it has sent.
    private static async Task CutAsync(ConnectionContext connection, string file)
    {
        var request = await connection.Transport.Input.ReadAsync();
        connection.Transport.Input.AdvanceTo(request.Buffer.End);
        var bytes = await File.ReadAllBytesAsync(file);
        var head = $"HTTP/1.1 200 OK\r\nContent-Length: {bytes.Length}\r\n\r\n";
        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes(head));
        await connection.Transport.Output.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
    }

    private async Task HoldAsync(HttpContext context, string file)
    {
        Interlocked.Increment(ref _heldRequests);
        var bytes = await File.ReadAllBytesAsync(file);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        await _go.Task.WaitAsync(_stop.Token);
        await context.Response.Body.WriteAsync(bytes.AsMemory(bytes.Length / 2));
    }

    private async Task FallSilentAsync(HttpContext context, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        var stopped = new TaskCompletionSource();
        await using var registration = _stop.Token.Register(stopped.SetResult);
        await stopped.Task;
    }
}
