using System.Globalization;
using System.Net.Sockets;
using MlCluster.Chaos.Clients;
using MlCluster.Compose;

namespace MlCluster.Chaos.Cluster;

/// <summary>The cluster of the repository's docker-compose.yml with two gateways, as local processes.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int Gateways = 2;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new() { Timeout = ReadyTimeout };
    private readonly ComposeProject _project;

    private ChaosCluster(ComposeProject project) => _project = project;

    /// <summary>The nodes; the database is not among them.</summary>
    public IReadOnlyList<ComposeReplica> Nodes => [.. _project.Replicas.Where(r => r.Rest is not null)];

    public IReadOnlyList<(string Name, Uri Address)> GatewayAddresses =>
        [.. _project.Of("gateway").Select(g => (g.Name, g.Rest!))];

    /// <summary>Connection string of the nodes' database.</summary>
    public string Database => Nodes.Select(n => n.Database).First(d => d is not null)!;

    /// <summary>Folder of data and logs.</summary>
    public string Work => _project.Work;

    public ComposeReplica this[string name] => _project[name];

    /// <summary>Starts all and waits until every health check passes.</summary>
    public static async Task<ChaosCluster> StartAsync(ChaosOptions options, string work)
    {
        if (ComposeProject.Missing() is { } missing)
        {
            throw new ChaosException(missing);
        }

        var cluster = new ChaosCluster(ComposeProject.Open(OptionsOf(options, work)));
        try
        {
            await cluster._project.StartAsync();
            await cluster._project.WaitUntilHealthyAsync(StartDeadline);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Names of the nodes that say that they are ready.</summary>
    public async Task<IReadOnlySet<string>> ReadyAsync()
    {
        var ready = await Task.WhenAll(Nodes.Select(async n => (n.Name, IsReady: await IsReadyAsync(n))));
        return ready.Where(r => r.IsReady).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>True: each gateway sees all nodes.</summary>
    public async Task<bool> AreAllMembersAsync()
    {
        try
        {
            foreach (var (_, address) in GatewayAddresses)
            {
                using var http = new HttpClient { BaseAddress = address, Timeout = ReadyTimeout };
                if (await NodeNames.CountAsync(http, CancellationToken.None) != Nodes.Count)
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _project.DisposeAsync();
        _http.Dispose();
    }

    private static ComposeOptions OptionsOf(ChaosOptions options, string work)
    {
        Directory.CreateDirectory(work);
        return new ComposeOptions
        {
            File = Path.Combine(options.Repository, "docker-compose.yml"),
            Work = work,
            Network = options.Network,
            Program = options.Program,
            Scale = new Dictionary<string, int>(StringComparer.Ordinal) { ["gateway"] = Gateways },
            Environment = EnvironmentOf(options, work),
            StartDeadline = StartDeadline,
        };
    }

    private static Dictionary<string, string> EnvironmentOf(ChaosOptions options, string work)
    {
        var environment = options.Tls ? ChaosCertificates.Write(Path.Combine(work, "tls")) : [];
        if (options.Patience is { } patience)
        {
            environment["MLCLUSTER_CONFIG"] = Path.Combine(work, "chaos.hocon");
            File.WriteAllText(environment["MLCLUSTER_CONFIG"], string.Create(
                CultureInfo.InvariantCulture,
                $"akka.cluster.failure-detector.acceptable-heartbeat-pause = {patience.TotalSeconds}s\n"));
        }

        return environment;
    }

    private async Task<bool> IsReadyAsync(ComposeReplica node)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(node.Rest!, "/health/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
