using System.Globalization;
using System.Net;
using MlCluster.Tests.Support;
using Npgsql;

namespace MlCluster.Integration.Tests.Support;

/// <summary>Nodes on machines of their own, with one database that all of them reach whatever is cut.</summary>
public sealed class SplitCluster : IAsyncDisposable
{
    private const int Port = 4053;

    // Who asks the other side is told sooner than usual: the network is cut for longer.
    private const string Impatient = "mlcluster.cluster-client.budget = 15s";

    private readonly TemporaryFolder _data = new();
    private readonly SplitNetwork _network;
    private readonly TcpRelay _relay;
    private readonly string[][] _options;
    private readonly NodeProcess[] _nodes;

    private SplitCluster(SplitNetwork network, string database, IReadOnlyList<string> roles)
    {
        _network = network;
        Database = database;
        var local = new NpgsqlConnectionStringBuilder(database);
        _relay = new TcpRelay(IPAddress.Parse(network.Outside), new IPEndPoint(IPAddress.Loopback, local.Port));
        var remote = new NpgsqlConnectionStringBuilder(database) { Host = network.Outside, Port = _relay.Port };
        var config = Path.Combine(_data.Path, "impatient.hocon");
        File.WriteAllText(config, Impatient);
        var seeds = string.Join(',', roles.Select((_, i) => $"{network.Machine(i).ClusterHost}:{Port}"));
        _options =
        [
            .. roles.Select((r, i) => (string[])
                [
                    "--roles", r, "--db", remote.ToString(), "--seeds", seeds, "--name", $"node-{i}",
                    "--config", config, "--port", Port.ToString(CultureInfo.InvariantCulture),
                ]),
        ];
        _nodes = [.. _options.Select((_, i) => Launch(i))];
    }

    /// <summary>The database, from this process.</summary>
    public string Database { get; }

    /// <summary>In the order of their roles.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Starts all at once and waits until each is ready.</summary>
    public static async Task<SplitCluster> StartAsync(
        SplitNetwork network, PostgresServer server, IReadOnlyList<string> roles)
    {
        var cluster = new SplitCluster(network, server.NewDatabase(), roles);
        try
        {
            await Task.WhenAll(cluster._nodes.Select(n => n.WaitUntilReadyAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node that has ended, as its supervisor would.</summary>
    public async Task LaunchAgainAsync(int index)
    {
        await _nodes[index].DisposeAsync();
        _nodes[index] = Launch(index);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(n => n.DisposeAsync().AsTask()));
        await _relay.DisposeAsync();
        _data.Dispose();
    }

    private NodeProcess Launch(int index) => NodeProcess.Launch(
        _network.Machine(index),
        Path.Combine(_data.Path, index.ToString(CultureInfo.InvariantCulture)),
        _options[index]);
}
