using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Routing;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Asks a replica for one group of a request: by a call in this process, or by a message.</summary>
internal sealed class ReplicaCalls(PredictDispatcher with, PredictRunRequest request)
{
    private bool _isLetThrough;
    private int _calls;

    /// <summary>Bytes of text, or of answer, of a group; null: alone in the cluster, no message leaves the
    /// process.</summary>
    public long? MessageLimit => LeavesTheProcess ? with.Options.Predict.MaxMessageBytes : null;

    private bool LeavesTheProcess => with.Views.Current.EligibleNodes.Any(n => n.NodeId != with.Context.NodeId);

    // Every group of the window may wait for the one before it.
    private TimeSpan GroupTimeout => with.Options.Predict.StallTimeout * (with.Options.Predict.Window + 1);

    /// <summary>A number for the next call.</summary>
    public int NextCall() => Interlocked.Increment(ref _calls);

    /// <summary>Asks once.</summary>
    /// <param name="call">Its number.</param>
    /// <exception cref="Errors.ApiException">The group does not fit into a message any more.</exception>
    /// <exception cref="Hosting.ClusterUnavailableException">No answer in time.</exception>
    public async Task<IPredictReply> AskAsync(NodeDeployments node, TextGroup group, int call, CancellationToken stop)
    {
        var reply = await SendAsync(node, group, call, stop);
        if (group.Start == 0 && reply is not PredictRejected { Error.Code: ErrorCode.Throttled or ErrorCode.NotServed })
        {
            Volatile.Write(ref _isLetThrough, true);
        }

        return reply;
    }

    /// <summary>Tells a node that nobody waits for this request any more.</summary>
    public void Withdraw(NodeDeployments node) =>
        with.Client.TellPath(HostOf(node), new CancelPredict(request.Model, request.RequestId));

    /// <summary>Tells a node that nobody waits for one lost call any more, once it may hear that.</summary>
    /// <remarks>A node that cannot be reached may only be slow, or cut off: what it got runs on there.</remarks>
    public async Task WithdrawAsync(NodeDeployments node, int call)
    {
        await with.Watch.WhenHeardAsync(node);
        if (with.Views.Current.MayLive(node.NodeId))
        {
            with.Client.TellPath(HostOf(node), new CancelPredict(request.Model, request.RequestId, call));
        }
    }

    private async Task<IPredictReply> SendAsync(
        NodeDeployments node, TextGroup group, int call, CancellationToken stop)
    {
        using var span = Tracing.StartAsk(request.Model, node.NodeId, group.Count);
        var message = Message(group, call, Tracing.ContextOf(span, request.ClientTrace));
        if (node.NodeId == with.Context.NodeId && with.Local.Find(request.Model) is { } local)
        {
            // What no other replica could answer is not answered here either.
            var limit = LeavesTheProcess ? (long?)with.Options.MaxPayloadBytes : null;
            var reply = await local.AnswerAsync(message, limit, stop);
            stop.ThrowIfCancellationRequested();
            return reply;
        }

        // Its groups were made when no message left the process.
        return group.TextBytes <= with.Options.MaxPayloadBytes
            ? await with.Client.AskPathAsync<IPredictReply>(HostOf(node), message, GroupTimeout, stop)
            : throw PredictErrors.Moved(request.Model);
    }

    private static string HostOf(NodeDeployments node) => $"{node.Address}/user/model-host";

    // A client's request counts once for a rate limiter, however many groups it is.
    private PredictRequest Message(TextGroup group, int call, TraceContext? trace)
    {
        var body = request.Body;
        var texts = group.Count == body.Texts.Count ? body.Texts : [.. body.Texts.Skip(group.Start).Take(group.Count)];
        return new PredictRequest(
            request.Model,
            request.RequestId,
            texts,
            body.TargetResponse,
            body.TargetPositions,
            body.IncludeData,
            GroupTimeout,
            body.Query,
            body.Role,
            body.Format,
            trace,
            IsContinuation: group.Start > 0 || Volatile.Read(ref _isLetThrough),
            Call: call);
    }
}
