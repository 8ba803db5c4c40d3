using Microsoft.Extensions.Time.Testing;
using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Serving;

public class PredictAnswererTests
{
    private static readonly PredictRequest Request = new(
        TestModels.Id, "r", ["today is sunny"], null, null, true, TimeSpan.FromSeconds(5));

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeServedModel _served = new();
    private readonly InFlightRequests _inFlight = new();
    private readonly NodeMetrics _metrics = new(TestModels.Node);

    public static TheoryData<Exception, ErrorCode, string> Failures => new()
    {
        { new QueueFullException(10, 8), ErrorCode.Rejected, "10 tokens of at most 8" },
        {
            new InferenceException("index out of range"),
            ErrorCode.ModelFailed,
            "Failed to inference TEXT_EMBEDDING model: model-1"
        },
        { new TextRefusedException("text 1 has no tokens"), ErrorCode.IllegalArgument, "text 1 has no tokens" },
        { new OperationCanceledException(), ErrorCode.Timeout, "within 5 s" },
        { new ObjectDisposedException("model"), ErrorCode.NotServed, "Model not ready: model-1" },
        { new FormatException("bug"), ErrorCode.Internal, "FormatException: bug" },
    };

    [Fact]
    public async Task AnswerAsync_Result_CarriesTensorsAndTimes()
    {
        var reply = Assert.IsType<Predicted>(await AnswerAsync());

        var tensor = Assert.Single(Assert.Single(reply.Documents).Tensors);
        Assert.Equal(("sentence_embedding", TensorDataType.Float32), (tensor.Name, tensor.DataType));
        Assert.Equal([0, 0, 128, 63], tensor.Data.ToArray());
        Assert.Equal(new PredictTimings(5, 1000, 2000, 3000), reply.Timings);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task AnswerAsync_EngineThrows_SaysWhichWay(Exception failure, ErrorCode code, string text)
    {
        _served.Answer = _ => throw failure;

        var reply = Assert.IsType<PredictRejected>(await AnswerAsync());

        Assert.Equal(code, reply.Error.Code);
        Assert.Contains(text, reply.Error.Reason, StringComparison.Ordinal);
        Assert.True(_inFlight.WhenIdleAsync().IsCompleted);
    }

    [Fact]
    public async Task AnswerAsync_ModelThrows_TellsTheCauseApartFromTheReason()
    {
        _served.Answer = _ => throw new InferenceException("index out of range");

        var error = Assert.IsType<PredictRejected>(await AnswerAsync()).Error;

        Assert.Equal("Failed to inference TEXT_EMBEDDING model: model-1", error.Reason);
        Assert.Equal(new ErrorCause("translate_exception", "index out of range"), error.Cause);
    }

    [Fact]
    public async Task AnswerAsync_RequestsUnderWay_AreListedUntilTheyAreAnswered()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1000));
        var result = new TaskCompletionSource<PredictionResult>();
        _served.Answer = _ => result.Task;
        var monitor = TestModels.Monitor(_served, _metrics, time: time);
        var answerer = new PredictAnswerer(_served, "TEXT_EMBEDDING", monitor, _inFlight, time);
        var answers = new List<Task<IPredictReply>>();
        foreach (var id in new[] { "older", "newer", "older" })
        {
            answers.Add(answerer.AnswerAsync(Request with { RequestId = id }, null, CancellationToken.None));
            time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var older = new RunningPrediction(new TaskId("older"), 1000);
        Assert.Equal([older, new RunningPrediction(new TaskId("newer"), 1005)], monitor.Running.List(10));
        Assert.Equal([older], monitor.Running.List(1));

        result.SetResult(FakeServedModel.Result);
        await Task.WhenAll(answers).WaitAsync(Deadline);
        Assert.Empty(monitor.Running.List(10));
    }

    // One tensor of four bytes, its name and what frames it.
    [Theory]
    [InlineData(null, true)]
    [InlineData(1000L, true)]
    [InlineData(100L, false)]
    public async Task AnswerAsync_Result_IsNoLargerThanAMessage(long? maxReplyBytes, bool fits)
    {
        var reply = await Answerer().AnswerAsync(Request, maxReplyBytes, CancellationToken.None);

        if (fits)
        {
            Assert.IsType<Predicted>(reply);
            return;
        }

        var refused = Assert.IsType<PredictRejected>(reply).Error;
        Assert.Equal(ErrorCode.TooLarge, refused.Code);
        Assert.Contains("carries at most 100; name the outputs", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("target_response", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerAsync_ModelWithAnInterface_SaysWhichVersion()
    {
        var answerer = Answerer();
        answerer.Gate.Apply(new ServingRules(7, true, null) { HasInterface = true });

        var reply = await answerer.AnswerAsync(Request, null, CancellationToken.None);

        Assert.Equal(7, Assert.IsType<Predicted>(reply).InterfaceVersion);
    }

    [Fact]
    public async Task AnswerAsync_GateThatIsClosed_AsksNobodyAndCountsNothing()
    {
        _served.Answer = _ => throw new InvalidOperationException("asked");
        var monitor = TestModels.Monitor(_served);
        var gate = new ServingGate(() => 1, TimeProvider.System);
        gate.Apply(new ServingRules(1, false, null));
        var answerer = new PredictAnswerer(_served, "TEXT_EMBEDDING", monitor, _inFlight, TimeProvider.System)
        {
            Gate = gate,
        };

        var reply = await answerer.AnswerAsync(Request, null, CancellationToken.None);

        Assert.Equal(
            new ProtocolError(ErrorCode.Forbidden, "Model is disabled."), Assert.IsType<PredictRejected>(reply).Error);
        Assert.Equal((0, 0), (monitor.Profile().Requests, monitor.Profile().FailedRequests));
        Assert.True(_inFlight.WhenIdleAsync().IsCompleted);
    }

    [Fact]
    public async Task Withdraw_RequestWithTwoGroups_EndsBothAndCountsNeither()
    {
        _served.Answer = UntilCancelledAsync;
        var monitor = TestModels.Monitor(_served, _metrics);
        var answerer = new PredictAnswerer(_served, "TEXT_EMBEDDING", monitor, _inFlight, TimeProvider.System);
        Task<IPredictReply>[] withdrawn =
        [
            answerer.AnswerAsync(Request, null, CancellationToken.None),
            answerer.AnswerAsync(Request, null, CancellationToken.None),
        ];
        var other = answerer.AnswerAsync(
            Request with { RequestId = "other", Timeout = Deadline }, null, CancellationToken.None);

        answerer.Withdraw(Request.RequestId);

        foreach (var answer in await Task.WhenAll(withdrawn).WaitAsync(Deadline))
        {
            Assert.Contains("withdrawn", Assert.IsType<PredictRejected>(answer).Error.Reason, StringComparison.Ordinal);
        }

        Assert.False(other.IsCompleted);
        Assert.Equal((0, 0), (monitor.Profile().Requests, monitor.Profile().FailedRequests));
        answerer.Withdraw("other");
        await other.WaitAsync(Deadline);
        Assert.True(_inFlight.WhenIdleAsync().IsCompleted);
    }

    [Fact]
    public async Task Withdraw_OneCallOfARequest_LeavesTheOthers()
    {
        _served.Answer = UntilCancelledAsync;
        var answerer = Answerer();
        var lost = answerer.AnswerAsync(Request with { Call = 1 }, null, CancellationToken.None);
        var retry = answerer.AnswerAsync(Request with { Call = 2, Timeout = Deadline }, null, CancellationToken.None);

        answerer.Withdraw(Request.RequestId, 1);

        Assert.IsType<PredictRejected>(await lost.WaitAsync(Deadline));
        Assert.False(retry.IsCompleted);
        answerer.Withdraw(Request.RequestId, 2);
        await retry.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Withdraw_AnsweredOrUnknownRequest_IsHarmless()
    {
        var answerer = Answerer();
        await answerer.AnswerAsync(Request, null, CancellationToken.None);

        answerer.Withdraw(Request.RequestId);
        answerer.Withdraw("unknown");

        Assert.IsType<Predicted>(await answerer.AnswerAsync(Request, null, CancellationToken.None));
    }

    [Fact]
    public async Task WhenIdleAsync_RequestInFlight_WaitsForItsAnswer()
    {
        var result = new TaskCompletionSource<PredictionResult>();
        _served.Answer = _ => result.Task;
        var answer = AnswerAsync();

        var idle = _inFlight.WhenIdleAsync();
        Assert.False(idle.IsCompleted);
        result.SetResult(FakeServedModel.Result);

        await answer;
        await idle.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AnswerAsync_CallerGone_EndsTheEnginesWork()
    {
        using var caller = new CancellationTokenSource();
        _served.Answer = UntilCancelledAsync;
        var answer = Answerer().AnswerAsync(Request, null, caller.Token);

        await caller.CancelAsync();

        var reply = Assert.IsType<PredictRejected>(await answer.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("withdrawn", reply.Error.Reason, StringComparison.Ordinal);
        Assert.True(_inFlight.WhenIdleAsync().IsCompleted);
    }

    [Fact]
    public void TensorDataType_EveryElementType_HasTheEnginesNumber()
    {
        foreach (var type in Enum.GetValues<TensorType>())
        {
            Assert.Equal(type.ToString(), ((TensorDataType)(int)type).ToString());
        }
    }

    private static async Task<PredictionResult> UntilCancelledAsync(CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return FakeServedModel.Result;
    }

    private Task<IPredictReply> AnswerAsync() => Answerer().AnswerAsync(Request, null, CancellationToken.None);

    private PredictAnswerer Answerer()
    {
        var monitor = TestModels.Monitor(_served, _metrics);
        return new PredictAnswerer(_served, "TEXT_EMBEDDING", monitor, _inFlight, TimeProvider.System);
    }
}
