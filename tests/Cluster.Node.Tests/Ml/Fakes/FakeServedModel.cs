using MlCluster.Inference;

namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>A model that answers what the test says.</summary>
internal sealed class FakeServedModel : IServedModel
{
    public TaskCompletionSource<string> Fail { get; } = new();

    public TaskCompletionSource Disposed { get; } = new();

    /// <summary>Held back until completed: documents in flight.</summary>
    public Task DisposeAfter { get; set; } = Task.CompletedTask;

    public Func<CancellationToken, Task<PredictionResult>> Answer { get; set; } =
        _ => Task.FromResult(Result);

    public static PredictionResult Result { get; } = new(
        [
            new DocumentOutput(
                [new OutputTensor("sentence_embedding", TensorType.Float32, [1], new byte[] { 0, 0, 128, 63 })]),
        ],
        Tokens: 5,
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromMilliseconds(2),
        TimeSpan.FromMilliseconds(3));

    public InferenceDevice Device { get; } = new("cpu", "test", null);

    public BatchingMode Batching => BatchingMode.EqualLength;

    public int MaxTokens => 128;

    public Task<string> Failure => Fail.Task;

    public ServingStatistics Statistics { get; set; } = new(7, 2, 3, 40, 10);

    public Task<PredictionResult> PredictAsync(
        PredictionInput input, OutputFilter filter, CancellationToken cancellationToken) =>
        Answer(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await DisposeAfter;
        Disposed.TrySetResult();
    }
}
