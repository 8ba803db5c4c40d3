using System.Diagnostics;
using MlCluster.Inference;
using MlCluster.Messages.Inference;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>Spans on the node that answers.</summary>
[Collection(Alone.Name)]
public sealed class PredictTraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";

    private static readonly PredictRequest Request = new(
        TestModels.Id, "r", ["today is sunny"], null, null, true, TimeSpan.FromSeconds(5))
    {
        Trace = new TraceContext($"00-{TraceId}-{Parent}-01", "vendor=7"),
    };

    private readonly FakeServedModel _served = new();

    [Fact]
    public async Task AnswerAsync_RequestOfATrace_IsAChildWithAStageEach()
    {
        using var spans = new SpanReader();

        Assert.IsType<Predicted>(await AnswerAsync());

        var predict = spans.Single(TraceId, "predict");
        Assert.Equal((Parent, "vendor=7"), (predict.ParentSpanId.ToHexString(), predict.TraceStateString));
        Assert.Equal(ActivityKind.Server, predict.Kind);
        Assert.Equal("model-1", predict.GetTagItem("model"));
        Activity[] stages = [.. spans.Of(TraceId).Where(s => s != predict).OrderBy(s => s.StartTimeUtc)];
        Assert.Equal(["tokenize", "queue", "forward"], stages.Select(s => s.OperationName));
        Assert.Equal([1.0, 2.0, 3.0], stages.Select(s => s.Duration.TotalMilliseconds));
        Assert.All(stages, s => Assert.Equal(predict.SpanId, s.ParentSpanId));
        Assert.Equal(stages[1].StartTimeUtc, stages[0].StartTimeUtc + stages[0].Duration);
        Assert.Equal(stages[2].StartTimeUtc, stages[1].StartTimeUtc + stages[1].Duration);
    }

    [Fact]
    public async Task AnswerAsync_EngineFails_TheSpanSaysWhy()
    {
        using var spans = new SpanReader();
        _served.Answer = _ => throw new InferenceException("index out of range");

        await AnswerAsync();

        var predict = Assert.Single(spans.Of(TraceId));
        Assert.Equal(ActivityStatusCode.Error, predict.Status);
        Assert.Contains("index out of range", predict.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerAsync_TraceThatIsNotSampled_HasNoStages()
    {
        using var spans = new SpanReader(ActivitySamplingResult.PropagationData);

        Assert.IsType<Predicted>(await AnswerAsync());

        Assert.Equal("predict", Assert.Single(spans.Of(TraceId)).OperationName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no trace")]
    public async Task AnswerAsync_NoTraceThatCanBeRead_BeginsOne(string? parent)
    {
        using var spans = new SpanReader();
        var request = Request with { Trace = parent is null ? null : new TraceContext(parent, null) };

        Assert.IsType<Predicted>(await AnswerAsync(request));

        Assert.Empty(spans.Of(TraceId));
    }

    private Task<IPredictReply> AnswerAsync(PredictRequest? request = null)
    {
        var answerer = new PredictAnswerer(
            _served, "TEXT_EMBEDDING", TestModels.Monitor(_served), new InFlightRequests(), TimeProvider.System);
        return answerer.AnswerAsync(request ?? Request, null, CancellationToken.None);
    }
}
