using System.Collections.Concurrent;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>
/// Ends the wait for an answer that cannot come, so that the request can go elsewhere, or there again: the node is
/// gone, or lives and the connection with it broke.
/// </summary>
/// <remarks>
/// Remoting tells a sender nothing of a message that was lost. What was on its way when the connection broke is lost;
/// what is sent soon after that, or answered, may be dropped, and is sent again after a while. It may have arrived all
/// the same: a prediction that runs twice does no harm, and of a call that was given up no answer is taken.
/// </remarks>
internal sealed class NodeWatch : IDisposable
{
    private readonly ConcurrentDictionary<WatchedCall, byte> _calls = new();
    private readonly IClusterViewSource _views;
    private readonly BrokenLinks _links;
    private readonly TimeProvider _time;
    private readonly TimeSpan _resendAfter;
    private readonly ITimer _timer;

    /// <param name="views">Who is there.</param>
    /// <param name="links">Which connections broke.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">How often it looks, and when a message counts as dropped.</param>
    public NodeWatch(IClusterViewSource views, BrokenLinks links, TimeProvider time, PredictOptions options)
    {
        (_views, _links, _time, _resendAfter) = (views, links, time, options.ResendAfter);
        var interval = options.NodeCheckInterval;
        _timer = time.CreateTimer(static state => ((NodeWatch)state!).Check(), this, interval, interval);
    }

    /// <summary>Watches the node during a call.</summary>
    /// <param name="stop">Ends the call for other reasons.</param>
    public WatchedCall Enter(NodeDeployments node, CancellationToken stop)
    {
        var call = new WatchedCall(this, node, stop);
        _calls.TryAdd(call, 0);
        return call;
    }

    /// <summary>Waits while what is sent to the node may be dropped.</summary>
    public Task WhenHeardAsync(NodeDeployments node) => Task.Delay(_links.GateOf(node.Address), _time);

    /// <summary>Looks once.</summary>
    internal void Check()
    {
        var view = _views.Current;
        foreach (var call in _calls.Keys)
        {
            if (!view.IsThere(call.Node) || call.IsCut())
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
        private readonly long _breaksBefore;
        private readonly bool _mayBeDropped;
        private readonly long _began;

        public WatchedCall(NodeWatch watch, NodeDeployments node, CancellationToken stop)
        {
            (_watch, Node) = (watch, node);
            _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _breaksBefore = watch._links.CountOf(node.Address);
            _mayBeDropped = watch._links.IsGated(node.Address);
            _began = watch._time.GetTimestamp();
        }

        /// <summary>Whom it asks.</summary>
        public NodeDeployments Node { get; }

        /// <summary>True once no answer can come.</summary>
        public bool IsLost { get; private set; }

        /// <summary>Ends when no answer can come, or the call is to stop anyway.</summary>
        public CancellationToken Token => _ended.Token;

        /// <summary>True: the connection broke after the call began, or so shortly before that it may have been
        /// dropped.</summary>
        public bool IsCut() =>
            _watch._links.CountOf(Node.Address) != _breaksBefore
            || (_mayBeDropped && _watch._time.GetElapsedTime(_began) >= _watch._resendAfter);

        /// <summary>No answer can come.</summary>
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
