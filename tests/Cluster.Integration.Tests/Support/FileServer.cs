using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MlCluster.Integration.Tests.Support;

/// <summary>An HTTP server for uploads by URL, with the faults that real ones have.</summary>
public sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();

    private FileServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Serves a file under <c>/whole.zip</c>, <c>/cut.zip</c> (half of it) and <c>/silent.zip</c> (its first bytes, then nothing).</summary>
    public static async Task<FileServer> StartAsync(string file)
    {
        var address = new Uri($"http://{NodeProcess.NewAddress()}:8080");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        var app = builder.Build();
        var server = new FileServer(app, address);
        app.Map("/whole.zip", branch => branch.Run(c => c.Response.SendFileAsync(file)));
        app.Map("/cut.zip", branch => branch.Run(c => CutAsync(c, file)));
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

    private static async Task CutAsync(HttpContext context, string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
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
