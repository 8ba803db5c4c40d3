using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>A scheduler over a fake model.</summary>
internal sealed class SchedulerFixture : IAsyncDisposable
{
    public static readonly ServingOptions Options = new(
        Workers: 2, MaxTokensPerForward: 256, MaxQueuedTokens: 1_000_000, TimeSpan.FromSeconds(30))
    {
        LookOut = TimeSpan.FromMilliseconds(1),
    };

    private SchedulerFixture(FakeModel model, FakeEncoder encoder, FakeTimeProvider time, BatchScheduler scheduler)
    {
        Model = model;
        Encoder = encoder;
        Time = time;
        Scheduler = scheduler;
    }

    public FakeModel Model { get; }

    public FakeEncoder Encoder { get; }

    public FakeTimeProvider Time { get; }

    public BatchScheduler Scheduler { get; }

    public static SchedulerFixture Start(
        FakeModel model, BatchingMode mode = BatchingMode.Padded, ServingOptions? options = null)
    {
        var time = new FakeTimeProvider();
        var encoder = new FakeEncoder();
        var setup = new SchedulerSetup(
            model, new TextEmbeddingFunction(encoder), FakeModel.Report(mode), options ?? Options) { Time = time };
        return new SchedulerFixture(model, encoder, time, BatchScheduler.Start(setup, "test"));
    }

    public Task<PredictionResult> Predict(params string[] texts) =>
        Scheduler.PredictAsync(new PredictionInput(texts), OutputFilter.All, CancellationToken.None);

    /// <summary>Ends the scheduler and asserts that it counts nothing as waiting or running.</summary>
    public async Task AssertIdle()
    {
        await DisposeAsync().AsTask().Within("disposing");
        Assert.Equal(0, Scheduler.Statistics.QueuedTokens);
    }

    public ValueTask DisposeAsync() => Scheduler.DisposeAsync();

    /// <summary>Asserts that a document's answer is what its text has alone.</summary>
    public static void AssertAnswer(string text, DocumentOutput answer)
    {
        Assert.Equal([text.Sum(character => (float)character), text.Length], Floats(answer.Tensors[0]));
        Assert.Equal([text.Length, 1], answer.Tensors[1].Shape);
        Assert.Equal(text.Select(character => (float)character), Floats(answer.Tensors[1]));
    }

    public static float[] Floats(OutputTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
}
