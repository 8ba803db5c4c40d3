using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Serving;

public class PredictAnswererTests
{
    private static readonly PredictRequest Request = new(
        TestModels.Id, "r", ["today is sunny"], null, null, true, TimeSpan.FromSeconds(5));

    private readonly FakeServedModel _served = new();
    private readonly InFlightRequests _inFlight = new();

    public static TheoryData<Exception, ErrorCode, string> Failures => new()
    {
        { new QueueFullException(10, 8), ErrorCode.Rejected, "10 tokens of at most 8" },
        {
            new InferenceException("index out of range"),
            ErrorCode.ModelFailed,
            "Failed to inference TEXT_EMBEDDING model: model-1: index out of range"
        },
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
    public void TensorDataType_EveryElementType_HasTheEnginesNumber()
    {
        foreach (var type in Enum.GetValues<TensorType>())
        {
            Assert.Equal(type.ToString(), ((TensorDataType)(int)type).ToString());
        }
    }

    private Task<IPredictReply> AnswerAsync()
    {
        var monitor = new ServingMonitor(_served, 1, 10);
        return new PredictAnswerer(_served, monitor, _inFlight, TimeProvider.System)
            .AnswerAsync(Request, "TEXT_EMBEDDING");
    }
}
