using System.Collections.Concurrent;
using MlCluster.Messages;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Tokens that this gateway has sent to each node and not got back.</summary>
internal sealed class OutstandingTokens
{
    private readonly ConcurrentDictionary<NodeId, Counter> _byNode = new();

    /// <summary>Tokens outstanding at a node.</summary>
    public long Of(NodeId node) => _byNode.TryGetValue(node, out var counter) ? Volatile.Read(ref counter.Tokens) : 0;

    /// <summary>Adds, or takes away with a negative number.</summary>
    public void Add(NodeId node, long tokens) =>
        Interlocked.Add(ref _byNode.GetOrAdd(node, static _ => new Counter()).Tokens, tokens);

    private sealed class Counter
    {
        public long Tokens;
    }
}
