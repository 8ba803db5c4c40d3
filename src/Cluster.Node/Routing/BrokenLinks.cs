using System.Collections.Concurrent;

namespace MlCluster.Node.Routing;

/// <summary>
/// When a connection with another node broke: what was on its way is lost, though both live. Any thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="gate">How long Akka drops what is sent to the node after that, without a word.</param>
internal sealed class BrokenLinks(TimeProvider time, TimeSpan gate)
{
    private readonly ConcurrentDictionary<string, LinkBreaks> _byAddress = new(StringComparer.Ordinal);

    /// <summary>The connection with the node broke, in whichever direction.</summary>
    /// <param name="address">The node's, as it announces it.</param>
    public void Broke(string address)
    {
        var now = time.GetTimestamp();
        _byAddress.AddOrUpdate(
            address,
            static (_, at) => new LinkBreaks(1, at),
            static (_, before, at) => new LinkBreaks(before.Count + 1, at),
            now);
    }

    /// <summary>The node has left: what is under way to it counts as cut.</summary>
    /// <param name="address">The node's, as it announces it.</param>
    public void Forget(string address) => _byAddress.TryRemove(address, out _);

    /// <summary>How often it broke; compared with an earlier number it tells whether it broke meanwhile.</summary>
    public long CountOf(string address) => _byAddress.GetValueOrDefault(address)?.Count ?? 0;

    /// <summary>True while a message to the node, or its answer, may be dropped.</summary>
    public bool IsGated(string address) => GateOf(address) > TimeSpan.Zero;

    /// <summary>How long a message to the node, or its answer, may still be dropped; zero: it gets there.</summary>
    public TimeSpan GateOf(string address) =>
        _byAddress.TryGetValue(address, out var breaks) && gate - time.GetElapsedTime(breaks.Last) is var left
            && left > TimeSpan.Zero
            ? left
            : TimeSpan.Zero;

    private sealed record LinkBreaks(long Count, long Last);
}
