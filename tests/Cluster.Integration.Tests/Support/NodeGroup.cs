using System.Globalization;

namespace MlCluster.Integration.Tests.Support;

/// <summary>Node processes that form one cluster over one database, each on a loopback address of its own.</summary>
public sealed class NodeGroup : IAsyncDisposable
{
    private const int Port = 4053;

    private readonly TemporaryFolder _data = new();
    private readonly List<NodeProcess> _nodes = [];

    /// <summary>In the order of their roles.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Launches all at once and waits until each is ready.</summary>
    /// <param name="database">Text of <c>--db</c>.</param>
    /// <param name="roles">Roles of each node.</param>
    /// <param name="options">Further options of every node.</param>
    public static async Task<NodeGroup> StartAsync(string database, IReadOnlyList<string> roles, params string[] options)
    {
        var group = new NodeGroup();
        try
        {
            group.Launch(database, roles, options);
            await Task.WhenAll(group._nodes.Select(n => n.WaitUntilReadyAsync()));
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(n => n.DisposeAsync().AsTask()));
        _data.Dispose();
    }

    private void Launch(string database, IReadOnlyList<string> roles, string[] options)
    {
        var hosts = roles.Select(_ => NodeProcess.NewAddress()).ToArray();
        var seeds = string.Join(',', hosts.Take(3).Select(h => $"{h}:{Port}"));
        for (var i = 0; i < roles.Count; i++)
        {
            _nodes.Add(NodeProcess.Launch(
                Path.Combine(_data.Path, i.ToString(CultureInfo.InvariantCulture)),
                [
                    "--roles", roles[i], "--db", database, "--seeds", seeds, "--host", hosts[i],
                    "--port", Port.ToString(CultureInfo.InvariantCulture), "--name", $"node-{i}", .. options,
                ]));
        }
    }
}
