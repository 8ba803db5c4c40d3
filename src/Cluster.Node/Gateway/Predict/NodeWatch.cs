using System.Collections.Concurrent;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Ends the wait for a node that is gone, so that its requests can go elsewhere at once.</summary>
internal sealed class NodeWatch : IDisposable
{
    private readonly ConcurrentDictionary<WatchedCall, byte> _calls = new();
    private readonly IClusterViewSource _views;
    private readonly ITimer _timer;

    public NodeWatch(IClusterViewSource views, TimeProvider time, TimeSpan interval)
    {
        _views = views;
        _timer = time.CreateTimer(static state => ((NodeWatch)state!).Check(), this, interval, interval);
    }

    /// <summary>Watches the node during a call.</summary>
    /// <param name="stop">Ends the call for other reasons.</param>
    public WatchedCall Enter(NodeDeployments node, CancellationToken stop)
    {
        var call = new WatchedCall(this, node.NodeId, node.Incarnation, stop);
        _calls.TryAdd(call, 0);
        return call;
    }

    /// <summary>Looks once.</summary>
    internal void Check()
    {
        var view = _views.Current;
        foreach (var call in _calls.Keys)
        {
            if (!view.Nodes.TryGetValue(call.Node, out var now) || now.Incarnation != call.Incarnation)
            {
                call.Lose();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Leave(WatchedCall call) => _calls.TryRemove(call, out _);

    /// <summary>One call that is under way.</summary>
    internal sealed class WatchedCall : IDisposable
    {
        private readonly NodeWatch _watch;
        private readonly CancellationTokenSource _ended;

        public WatchedCall(NodeWatch watch, NodeId node, long incarnation, CancellationToken stop)
        {
            (_watch, Node, Incarnation) = (watch, node, incarnation);
            _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        }

        /// <summary>The node.</summary>
        public NodeId Node { get; }

        /// <summary>Its process.</summary>
        public long Incarnation { get; }

        /// <summary>True once the node is gone.</summary>
        public bool IsLost { get; private set; }

        /// <summary>Ends when the node is gone, or the call is to stop anyway.</summary>
        public CancellationToken Token => _ended.Token;

        /// <summary>The node is gone.</summary>
        public void Lose()
        {
            IsLost = true;
            try
            {
                _ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The answer came in the same moment.
            }
        }

        public void Dispose()
        {
            _watch.Leave(this);
            _ended.Dispose();
        }
    }
}
