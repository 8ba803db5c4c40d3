using System.Diagnostics;
using System.Globalization;

namespace MlCluster.Integration.Tests.Support;

/// <summary>
/// Machines of their own for nodes: network namespaces with two cards each. The card to the other nodes can be put on
/// another switch, as if the cable between two racks were cut; clients and the database go by the other card. Needs
/// root.
/// </summary>
public sealed class SplitNetwork : IAsyncDisposable
{
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"ml{Random.Shared.Next(0x1000, 0xFFFF):x}");

    private readonly int _subnet = Random.Shared.Next(1, 255);
    private readonly int _machines;

    private SplitNetwork(int machines) => _machines = machines;

    /// <summary>Address of this process as the nodes see it.</summary>
    public string Outside => $"198.19.{_subnet}.254";

    /// <summary>Builds it; skips the test where there can be none.</summary>
    public static async Task<SplitNetwork> BuildAsync(int machines)
    {
        Skip.If(Environment.UserName != "root", "needs root to make network namespaces");
        var network = new SplitNetwork(machines);
        try
        {
            var fault = await TryIpAsync("netns", "add", network.Namespace(0))
                ?? await TryIpAsync("link", "add", network.Bridge("inner"), "type", "bridge");
            Skip.If(fault is not null, $"needs network namespaces: {fault}");
            await network.LayAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of the machines, from 0.</summary>
    public NodePlace Machine(int index) => new(
        ["ip", "netns", "exec", Namespace(index)],
        string.Create(CultureInfo.InvariantCulture, $"198.18.{_subnet}.{index + 1}"),
        string.Create(CultureInfo.InvariantCulture, $"198.19.{_subnet}.{index + 1}"));

    /// <summary>Cuts these machines off from the others; among themselves they still hear each other.</summary>
    public Task CutAsync(params int[] machines) => PlugAsync(Bridge("island"), machines);

    /// <summary>Joins all again.</summary>
    public Task HealAsync() => PlugAsync(Bridge("inner"), [.. Enumerable.Range(0, _machines)]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        for (var i = 0; i < _machines; i++)
        {
            await TryIpAsync("netns", "del", Namespace(i));
        }

        foreach (var bridge in (string[])["inner", "island", "outer"])
        {
            await TryIpAsync("link", "del", Bridge(bridge));
        }
    }

    private string Namespace(int index) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{index}");

    // Names of interfaces end after 15 characters.
    private string Bridge(string what) => $"{_name}{what}";

    private string Card(string what, int index) => string.Create(CultureInfo.InvariantCulture, $"{_name}{what}{index}");

    private async Task LayAsync()
    {
        await IpAsync("link", "add", Bridge("island"), "type", "bridge");
        await IpAsync("link", "add", Bridge("outer"), "type", "bridge");
        foreach (var bridge in (string[])["inner", "island", "outer"])
        {
            await IpAsync("link", "set", Bridge(bridge), "up");
        }

        await IpAsync("addr", "add", $"{Outside}/24", "dev", Bridge("outer"));
        for (var i = 0; i < _machines; i++)
        {
            if (i > 0)
            {
                await IpAsync("netns", "add", Namespace(i));
            }

            await IpAsync("-n", Namespace(i), "link", "set", "lo", "up");
            await LayCardAsync("c", i, Bridge("inner"), Machine(i).ClusterHost);
            await LayCardAsync("o", i, Bridge("outer"), Machine(i).HttpHost);
        }
    }

    private async Task LayCardAsync(string card, int index, string bridge, string address)
    {
        var (here, there) = (Card(card, index), $"eth-{card}");
        await IpAsync("link", "add", here, "type", "veth", "peer", "name", there, "netns", Namespace(index));
        await IpAsync("link", "set", here, "master", bridge, "up");
        await IpAsync("-n", Namespace(index), "addr", "add", $"{address}/24", "dev", there);
        await IpAsync("-n", Namespace(index), "link", "set", there, "up");
    }

    private async Task PlugAsync(string bridge, int[] machines)
    {
        foreach (var machine in machines)
        {
            await IpAsync("link", "set", Card("c", machine), "master", bridge);
        }
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var fault = await TryIpAsync(arguments);
        Assert.True(fault is null, fault);
    }

    /// <returns>What went wrong; null: nothing.</returns>
    private static async Task<string?> TryIpAsync(params string[] arguments)
    {
        var command = $"ip {string.Join(' ', arguments)}";
        try
        {
            var start = new ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"{command}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{command}: {e.Message}";
        }
    }
}
