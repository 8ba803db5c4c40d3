using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>Holds forwards until it is opened; tells when the first one has arrived.</summary>
internal sealed class Gate
{
    private readonly ManualResetEventSlim _open = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public void Open() => _open.Set();

    public void Pass(TokenBatch batch)
    {
        _ = batch;
        _reached.TrySetResult();
        _open.Within("opening the gate");
    }
}
