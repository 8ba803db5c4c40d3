using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MlCluster.Integration.Tests.Support;

/// <summary>An HTTP server over a folder.</summary>
public sealed class FolderServer : IAsyncDisposable
{
    private const int Port = 8080;

    private readonly WebApplication _app;

    private FolderServer(WebApplication app, string host) => (_app, Address) = (app, $"http://{host}:{Port}/models");

    /// <summary>The folder's URL.</summary>
    public string Address { get; }

    /// <summary>Serves the files of a folder; 404 for what is not there.</summary>
    public static async Task<FolderServer> StartAsync(string folder)
    {
        var host = NodeProcess.NewAddress();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(host), Port));
        var app = builder.Build();
        app.Map("/models", branch => branch.Run(context => SendAsync(context, folder)));
        await app.StartAsync();
        return new FolderServer(app, host);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task SendAsync(HttpContext context, string folder)
    {
        var file = Path.Combine(folder, context.Request.Path.Value!.TrimStart('/'));
        if (File.Exists(file))
        {
            return context.Response.SendFileAsync(file);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
