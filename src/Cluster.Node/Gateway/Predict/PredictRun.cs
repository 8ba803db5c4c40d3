using System.Runtime.ExceptionServices;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>One prediction: its groups enter as room comes,
/// each goes to a replica and to another one if need be.</summary>
internal sealed class PredictRun : IDisposable
{
    private readonly PredictDispatcher _with;
    private readonly PredictRunRequest _request;
    private readonly ReplicaCalls _calls;
    private readonly CancellationToken _clientGone;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _stop;
    private List<TextGroup> _groups = [];
    private Predicted[] _replies = [];
    private Exception? _failure;
    private int _next;
    private int _completed;
    private int _inFlight;
    private long _answerBytes;

    public PredictRun(PredictDispatcher with, PredictRunRequest request, CancellationToken clientGone)
    {
        (_with, _request, _clientGone) = (with, request, clientGone);
        _calls = new ReplicaCalls(with, request);
        _stalled = new CancellationTokenSource(with.Options.Predict.StallTimeout, with.Context.Time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(clientGone, _stalled.Token);
    }

    private PredictOptions Options => _with.Options.Predict;

    /// <summary>Runs all groups; replies are in their order.</summary>
    /// <exception cref="ApiException">The refusal that the client is to see.</exception>
    public async Task<IReadOnlyList<Predicted>> RunAsync()
    {
        if (MessageFit.FaultOf(_request.Body, _with.Options.MaxPayloadBytes, Options.MaxMessageBytes) is { } fault)
        {
            throw fault.ToException();
        }

        var model = _with.Views.Current.ReplicasOf(_request.Model).Select(r => r.Model).FirstOrDefault();
        _groups = RequestSplitter.Split(_request.Body, model, Options.MaxGroupTokens, _calls.MessageLimit);
        _replies = new Predicted[_groups.Count];
        var workers = Math.Min(_groups.Count, Math.Max(1, Options.Window));
        await (workers == 1 ? WorkAsync() : Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync())));
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        return _replies;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _stalled.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (Interlocked.Increment(ref _next) - 1 is var i && i < _groups.Count)
            {
                _replies[i] = Accept(await SendAsync(_groups[i]), _groups[i]);
            }
        }
        catch (Exception e)
        {
            // The first failure is the answer; it ends the other workers.
            Interlocked.CompareExchange(ref _failure, Explain(e), null);
            await _stop.CancelAsync();
        }
    }

    private Predicted Accept(Predicted reply, TextGroup group)
    {
        if (reply.Documents.Count != group.Count)
        {
            throw new InvalidOperationException(
                $"model {_request.Model} answered {reply.Documents.Count} documents for {group.Count}");
        }

        Interlocked.Increment(ref _completed);
        _stalled.CancelAfter(Options.StallTimeout);
        var bytes = reply.Documents.Sum(d => d.Tensors.Sum(_request.Writer.EstimateBytes));
        return Interlocked.Add(ref _answerBytes, bytes) <= _with.Options.MaxAnswerBytes 
            ? reply
            : throw PredictErrors.TooLarge(_with.Options.MaxAnswerBytes);
    }

    private async Task<Predicted> SendAsync(TextGroup group)
    {
        var tried = new List<NodeId>();
        ProtocolError? full = null;
        var isCut = false;
        var delay = Options.MinRetryDelay;
        while (true)
        {
            var replica = Pick(tried) ?? (full is null && !isCut ? await FindElsewhereAsync(tried) : null);
            if (replica is null)
            {
                await WaitAsync(full, delay);
                (delay, full, isCut) = (Min(delay * 2, Options.MaxRetryDelay), null, false);
                tried.Clear();
                continue;
            }

            tried.Add(replica.NodeId);
            switch (await AskAsync(replica, group))
            {
                case Predicted predicted:
                    return predicted;
                case null:
                    // It lives, only the connection broke: it may be asked again.
                    isCut |= _with.Views.Current.IsThere(replica);
                    break;
                case PredictRejected { Error.Code: ErrorCode.Rejected } rejected:
                    full = rejected.Error;
                    break;
                // Another one may have some of its share left.
                case PredictRejected { Error.Code: ErrorCode.Throttled } when Pick(tried) is not null:
                    break;
                case PredictRejected { Error.Code: ErrorCode.TooLarge } when group.Count > 1:
                    return await SendHalvesAsync(group);
                case PredictRejected { Error.Code: not ErrorCode.NotServed } failed:
                    throw ErrorMapping.Of(failed.Error).ToException();
            }
        }
    }

    // How large an answer becomes is an estimate, and a coarse one while the model's outputs are not known yet.
    private async Task<Predicted> SendHalvesAsync(TextGroup group)
    {
        var (first, second) = group.Halves();
        var (before, after) = (await SendAsync(first), await SendAsync(second));
        return before with { Documents = [.. before.Documents, .. after.Documents] };
    }

    private NodeDeployments? Pick(List<NodeId> tried)
    {
        NodeDeployments[] replicas =
        [
            .. _with.Views.Current.ReplicasOf(_request.Model).Select(r => r.Node).Where(n => !tried.Contains(n.NodeId)),
        ];
        return ReplicaPicker.Pick(replicas, _with.Outstanding.Of, Random.Shared);
    }

    /// <summary>The view may lag behind a deployment by a moment: the model itself knows better.</summary>
    private async Task<NodeDeployments> FindElsewhereAsync(List<NodeId> tried)
    {
        // Another gateway can answer at once: nobody should wait here until this one has joined.
        if (_with.Views.Current.Nodes.Count == 0)
        {
            throw PredictErrors.NotJoined();
        }

        switch (await _with.Client.AskModelAsync<IModelReply>(new GetModel(_request.Model), _stop.Token))
        {
            case ModelRejected rejected:
                throw ErrorMapping.Of(rejected.Error).ToException();
            case ModelDocument document when LoadedNode(document, tried) is { } node:
                return node;
            case ModelDocument document:
                throw PredictErrors.NobodyServes(document);
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} came in answer to GetModel");
        }
    }

    private NodeDeployments? LoadedNode(ModelDocument document, List<NodeId> tried) => document.Nodes
        .Where(n => n.Status == NodeDeploymentStatus.Loaded && !tried.Contains(n.NodeId))
        .Select(n => _with.Views.Current.Nodes.GetValueOrDefault(n.NodeId))
        .FirstOrDefault(n => n is { Draining: false });

    /// <returns>Null: no answer can come, the node or the connection with it is lost.</returns>
    private async Task<IPredictReply?> AskAsync(NodeDeployments node, TextGroup group)
    {
        var number = _calls.NextCall();
        using var call = _with.Watch.Enter(node, _stop.Token);
        _with.Outstanding.Add(node.NodeId, group.Tokens);
        Interlocked.Increment(ref _inFlight);
        try
        {
            return await _calls.AskAsync(node, group, number, call.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _calls.Withdraw(node);
            throw;
        }
        catch (OperationCanceledException) when (call.IsLost)
        {
            _ = _calls.WithdrawAsync(node, number);
            return null;
        }
        catch (ClusterUnavailableException)
        {
            throw Stalled();
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            _with.Outstanding.Add(node.NodeId, -group.Tokens);
        }
    }

    // A request is refused when the queue is full at its beginning. Once it has begun, its own groups may be what
    // fills the queue: these wait for room.
    private async Task WaitAsync(ProtocolError? full, TimeSpan delay)
    {
        if (full is not null && Volatile.Read(ref _completed) == 0 && Volatile.Read(ref _inFlight) == 0)
        {
            throw ErrorMapping.Of(full).ToException();
        }

        using var timer = new PeriodicTimer(delay, _with.Context.Time);
        await timer.WaitForNextTickAsync(_stop.Token);
    }

    private Exception Explain(Exception e) =>
        e is OperationCanceledException && _stalled.IsCancellationRequested && !_clientGone.IsCancellationRequested
            ? Stalled()
            : e;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private ApiException Stalled() =>
        PredictErrors.Stalled(_request.Model, _completed, _groups.Count, Options.StallTimeout);
}
