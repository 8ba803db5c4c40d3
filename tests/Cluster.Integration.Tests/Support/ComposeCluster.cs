using System.Globalization;
using MlCluster.Compose;

namespace MlCluster.Integration.Tests.Support;

/// <summary>The cluster of the repository's <c>docker-compose.yml</c>, its containers as local processes.</summary>
public sealed class ComposeCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly Dictionary<Uri, HttpClient> _clients = [];

    private ComposeCluster(Func<ComposeOptions, ComposeOptions> change) =>
        Project = ComposeProject.Open(change(new ComposeOptions
        {
            File = Path.Combine(Repository.Root, "docker-compose.yml"),
            Network = string.Create(CultureInfo.InvariantCulture, $"127.{Random.Shared.Next(201, 250)}"),
        }));

    /// <summary>Its services.</summary>
    public ComposeProject Project { get; }

    /// <summary>Client of a replica, such as <c>gateway-1</c>.</summary>
    public MlClient this[string replica] => new(Http(Project[replica].Rest!));

    /// <summary>Starts all services and waits until every health check passes; skips where there is no database.</summary>
    /// <param name="change">What is to be otherwise than by default.</param>
    public static async Task<ComposeCluster> StartAsync(Func<ComposeOptions, ComposeOptions>? change = null)
    {
        var missing = ComposeProject.Missing();
        Skip.If(missing is not null, missing);
        var cluster = new ComposeCluster(change ?? (options => options));
        try
        {
            await cluster.Project.StartAsync();
            await cluster.Project.WaitUntilHealthyAsync(StartDeadline);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Project.DisposeAsync();
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

    }

    private HttpClient Http(Uri address)
    {
        lock (_clients)
        {
            return _clients.TryGetValue(address, out var client)
                ? client
                : _clients[address] = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(120) };
        }
    }
}
