using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>
/// A model in managed code: <c>sum</c> <c>[B, 2]</c> has the sum of a document's ids and its length, <c>tokens</c>
/// <c>[B, W, 1]</c> every id.
/// </summary>
internal sealed class FakeModel : IForwardModel
{
    private int _running;
    private int _mostAtOnce;

    /// <summary>Runs at the begin of each forward, on the worker's thread.</summary>
    public Action<TokenBatch> OnForward { get; init; } = _ => { };

    /// <summary>Replaces what a forward gives.</summary>
    public Func<TokenBatch, IReadOnlyList<BatchOutput>> Answer { get; init; } = Outputs;

    /// <summary>Forwards that began, in order.</summary>
    public ConcurrentQueue<TokenBatch> Batches { get; } = new();

    /// <summary>Most forwards that ran at the same time.</summary>
    public int MostAtOnce => _mostAtOnce;

    /// <summary>Completes when the model is freed.</summary>
    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the scheduler is told of its outputs.</summary>
    public static RehearsalReport Report(BatchingMode mode) => new(
        mode,
        [
            new OutputInfo("sum", TensorType.Float32, PerToken: false, 8),
            new OutputInfo("tokens", TensorType.Float32, PerToken: true, 4),
        ]);

    public static IReadOnlyList<BatchOutput> Outputs(TokenBatch batch)
    {
        var sums = new float[batch.Rows * 2];
        for (var i = 0; i < batch.InputIds.Length; i++)
        {
            var row = i / batch.Width;
            sums[row * 2] += batch.InputIds[i] * batch.AttentionMask[i];
            sums[(row * 2) + 1] += batch.AttentionMask[i];
        }

        return
        [
            Output("sum", 0, [batch.Rows, 2], sums),
            Output("tokens", 1, [batch.Rows, batch.Width, 1], [.. batch.InputIds.Select(id => (float)id)]),
        ];
    }

    public static BatchOutput Output(string? name, int position, long[] shape, float[] values) =>
        new(name, position, TensorType.Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    public IReadOnlyList<BatchOutput> Forward(TokenBatch batch, Func<string?, int, bool> wanted)
    {
        Assert.False(Disposed.Task.IsCompleted, "a forward ran on a freed model");
        InterlockedMax(ref _mostAtOnce, Interlocked.Increment(ref _running));
        try
        {
            Batches.Enqueue(batch);
            OnForward(batch);
            return [.. Answer(batch).Select(
                output => wanted(output.Name, output.Position) ? output : output with { Data = [] })];
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public void Dispose() => Disposed.SetResult();

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
