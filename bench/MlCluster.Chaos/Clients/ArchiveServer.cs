using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MlCluster.Chaos.Clients;

/// <summary>Serves archives for uploads by URL, slowly: a kill is to find some half-way.</summary>
internal sealed class ArchiveServer : IAsyncDisposable
{
    private const int Port = 8080;
    private const int Pieces = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly WebApplication _app;
    private readonly string _address;

    private ArchiveServer(WebApplication app, string address) => (_app, _address) = (app, address);

    public static async Task<ArchiveServer> StartAsync(string address, IReadOnlyList<ArchiveKind> archives)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), Port));
        var app = builder.Build();
        foreach (var archive in archives)
        {
            app.Map($"/{archive.Name}.zip", branch => branch.Run(c => SendAsync(c, archive.Bytes)));
        }

        await app.StartAsync();
        return new ArchiveServer(app, address);
    }

    public Uri UrlOf(ArchiveKind archive) => new($"http://{_address}:{Port}/{archive.Name}.zip");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task SendAsync(HttpContext http, byte[] bytes)
    {
        http.Response.ContentLength = bytes.Length;
        foreach (var piece in bytes.Chunk((bytes.Length / Pieces) + 1))
        {
            await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Pause, TimeProvider.System, http.RequestAborted);
        }
    }
}
