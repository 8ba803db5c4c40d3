using System.Globalization;

namespace MlCluster.Integration.Tests.Support;

/// <summary>Node processes that form one cluster over one database, each on a loopback address of its own.</summary>
public sealed class NodeGroup : IAsyncDisposable
{
    private const int Port = 4053;

    private readonly TemporaryFolder _data = new();
    private readonly string[][] _options;
    private readonly NodeProcess[] _nodes;

    private NodeGroup(string database, IReadOnlyList<string> roles, string[] options)
    {
        var hosts = roles.Select(_ => NodeProcess.NewAddress()).ToArray();
        var seeds = string.Join(',', hosts.Take(3).Select(h => $"{h}:{Port}"));
        var port = Port.ToString(CultureInfo.InvariantCulture);
        _options =
        [
            .. roles.Select((r, i) => (string[])
                [
                    "--roles", r, "--db", database, "--seeds", seeds, "--name", $"node-{i}",
                    "--host", hosts[i], "--port", port, .. options,
                ]),
        ];
        _nodes = [.. _options.Select((_, i) => Launch(i))];
    }

    /// <summary>In the order of their roles.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Launches all at once and waits until each is ready.</summary>
    /// <param name="database">Text of <c>--db</c>.</param>
    /// <param name="roles">Roles of each node.</param>
    /// <param name="options">Further options of every node.</param>
    public static async Task<NodeGroup> StartAsync(string database, IReadOnlyList<string> roles, params string[] options)
    {
        var group = new NodeGroup(database, roles, options);
        try
        {
            await Task.WhenAll(group._nodes.Select(n => n.WaitUntilReadyAsync()));
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a node; it stays away.</summary>
    public Task KillAsync(int index) => _nodes[index].KillAsync();

    /// <summary>Kills a node and starts it again with its folder and address.</summary>
    public async Task RestartAsync(int index)
    {
        await KillAsync(index);
        await _nodes[index].DisposeAsync();
        _nodes[index] = Launch(index);
        await _nodes[index].WaitUntilReadyAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(n => n.DisposeAsync().AsTask()));
        _data.Dispose();
    }

    private NodeProcess Launch(int index) => NodeProcess.Launch(
        Path.Combine(_data.Path, index.ToString(CultureInfo.InvariantCulture)), _options[index]);
}
