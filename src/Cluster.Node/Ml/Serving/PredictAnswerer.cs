using System.Diagnostics;
using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Turns a request into a call of the engine and what comes of it into a reply.</summary>
internal sealed class PredictAnswerer(
    IServedModel served, string functionName, ServingMonitor monitor, InFlightRequests inFlight, TimeProvider time)
{
    // As OpenSearch calls what its engine throws.
    private const string EngineFailure = "translate_exception";

    /// <summary>Which requests are let through.</summary>
    public ServingGate Gate { get; init; } = new(() => 1, time);

    /// <summary>Ends a request for which nobody waits: what of it has not begun is not run.</summary>
    /// <param name="call">The one call of it that is meant; null: all.</param>
    public void Withdraw(string requestId, int? call = null) => monitor.Running.Withdraw(requestId, call);

    /// <summary>Answers one group of a request; never throws.</summary>
    /// <param name="request">The group.</param>
    /// <param name="maxReplyBytes">An answer with more bytes of tensors is refused instead; null: any.</param>
    /// <param name="callerGone">Withdraws it.</param>
    public async Task<IPredictReply> AnswerAsync(
        PredictRequest request, long? maxReplyBytes, CancellationToken callerGone)
    {
        if (Gate.Refusal(request) is { } refusal)
        {
            return new PredictRejected(request.ModelId, refusal);
        }

        var started = time.GetTimestamp();
        using var span = Tracing.StartPredict(request);
        using var running = monitor.Running.Enter(request);
        using var gone =
            callerGone.UnsafeRegister(static group => ((RunningRequests.Running)group!).Withdraw(), running);
        inFlight.Enter();
        monitor.Enter();
        try
        {
            var filter = new OutputFilter(request.TargetResponse, request.TargetPositions, request.IncludeData);
            var result = await served.PredictAsync(PredictWords.InputOf(request), filter, running.Token);
            Note(new PredictTimes(
                time.GetElapsedTime(started), result.Tokenize, result.Queue, result.Forward), span);
            var reply = ToReply(request.ModelId, result) with { InterfaceVersion = Gate.InterfaceVersion };
            return ReplyLimit.Fit(reply, maxReplyBytes);
        }
        catch (OperationCanceledException) when (running.IsWithdrawn)
        {
            return Refuse(request, Withdrawn(request), span);
        }
        catch (Exception e)
        {
            monitor.RecordFailure(e);
            return Refuse(request, ToError(e, request), span);
        }
        finally
        {
            monitor.Leave();
            inFlight.Leave();
        }
    }

    private void Note(in PredictTimes times, Activity? span)
    {
        monitor.Record(times);
        if (span is { IsAllDataRequested: true })
        {
            Tracing.AddStages(span, time.GetUtcNow(), times);
        }
    }

    private static PredictRejected Refuse(PredictRequest request, ProtocolError error, Activity? span)
    {
        span?.SetStatus(
            ActivityStatusCode.Error, error.Cause is { } cause ? $"{error.Reason}: {cause.Reason}" : error.Reason);
        return new PredictRejected(request.ModelId, error);
    }

    private static ProtocolError Withdrawn(PredictRequest request) => new(
        ErrorCode.Timeout, $"model {request.ModelId}: the request was withdrawn, nobody waits for its answer");

    private ProtocolError ToError(Exception e, PredictRequest request) => e switch
    {
        QueueFullException => new(ErrorCode.Rejected, $"model {request.ModelId}: {e.Message}"),
        OperationCanceledException => new(
            ErrorCode.Timeout,
            $"model {request.ModelId} gave no answer within {request.Timeout.TotalSeconds} s; "
            + "send fewer or shorter texts"),
        ObjectDisposedException => new(ErrorCode.NotServed, $"Model not ready: {request.ModelId}"),
        RequestRefusedException => new(ErrorCode.IllegalArgument, e.Message),
        TextRefusedException => new(ErrorCode.IllegalArgument, $"model {request.ModelId}: {e.Message}"),
        InferenceException => new(
            ErrorCode.ModelFailed, $"Failed to inference {functionName} model: {request.ModelId}")
        {
            Cause = new ErrorCause(EngineFailure, e.Message),
        },
        _ => new(ErrorCode.Internal, $"model {request.ModelId}: {e.GetType().Name}: {e.Message}"),
    };

    private static Predicted ToReply(ModelId model, PredictionResult result) => new(
        model,
        [.. result.Documents.Select(d => new DocumentTensors([.. d.Tensors.Select(PredictWords.PayloadOf)]))],
        new PredictTimings(
            result.Tokens, Micros(result.Tokenize), Micros(result.Queue), Micros(result.Forward)));

    private static long Micros(TimeSpan time) => (long)time.TotalMicroseconds;
}
