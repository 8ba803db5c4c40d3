using System.Diagnostics;

namespace MlCluster.Load.Node;

/// <summary>Several processes over one SQLite folder: the first with data and gateway, the others with ml.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private static readonly TimeSpan JoinDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly MlClient _client;

    private NodeCluster(NodeProcess front, IReadOnlyList<NodeProcess> workers)
    {
        (Front, Workers) = (front, workers);
        _client = new MlClient(front.Address);
    }

    /// <summary>The process with data and gateway.</summary>
    public NodeProcess Front { get; }

    /// <summary>The processes with ml.</summary>
    public IReadOnlyList<NodeProcess> Workers { get; }

    public MlClient Client => _client;

    /// <summary>Starts all and waits until the gateway knows every worker.</summary>
    /// <param name="name">Of its folders below the work folder.</param>
    /// <param name="workers">Number of ml processes.</param>
    /// <param name="pinned">Each worker gets one core and one thread for forwards.</param>
    public static async Task<NodeCluster> StartAsync(LoadOptions options, string name, int workers, bool pinned = false)
    {
        var port = NodeProcess.FreePort();
        string[] shared = ["--db", $"sqlite:{Path.Combine(options.Work, name)}", "--seeds", $"127.0.0.1:{port}"];
        Directory.CreateDirectory(Path.Combine(options.Work, name));
        var started = new List<NodeProcess>
        {
            await NodeProcess.StartAsync(
                options, $"{name}-front", null, ["--roles", "data,gateway", "--port", $"{port}", .. shared]),
        };
        try
        {
            for (var i = 0; i < workers; i++)
            {
                string[] role = ["--roles", "ml", "--name", NameOf(i), .. pinned ? OneThread(options) : []];
                int? core = pinned ? i % Environment.ProcessorCount : null;
                started.Add(await NodeProcess.StartAsync(options, $"{name}-{NameOf(i)}", core, [.. role, .. shared]));
            }

            var cluster = new NodeCluster(started[0], started[1..]);
            await cluster.WaitForWorkersAsync();
            return cluster;
        }
        catch (LoadException)
        {
            await DisposeAllAsync(started);
            throw;
        }
    }

    /// <summary>Ids of some workers, as <c>node_ids</c> wants them.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(params int[] workers)
    {
        var ids = await _client.NodeIdsAsync();
        return [.. workers.Select(w => ids[NameOf(w)])];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await DisposeAllAsync([Front, .. Workers]);
    }

    private static string NameOf(int worker) => $"ml-{worker + 1}";

    private static string[] OneThread(LoadOptions options)
    {
        var file = Path.Combine(options.Work, "one-thread.hocon");
        File.WriteAllText(file, "mlcluster.ml.serving.workers = 1");
        return ["--config", file];
    }

    private async Task WaitForWorkersAsync()
    {
        using var timer = new PeriodicTimer(Poll);
        for (var clock = Stopwatch.StartNew(); (await _client.NodeIdsAsync()).Count <= Workers.Count;)
        {
            if (clock.Elapsed > JoinDeadline)
            {
                throw new LoadException($"the gateway did not know {Workers.Count} ml nodes within {JoinDeadline}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task DisposeAllAsync(IEnumerable<NodeProcess> nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
