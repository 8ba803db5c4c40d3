using MlCluster.Inference;

namespace MlCluster.Node.Ml;

/// <summary>Starts the engine once, off everybody's thread; loads wait for it, the node does not.</summary>
internal sealed class ModelRuntimeSource(Func<IModelRuntime> create)
{
    private readonly Lock _gate = new();
    private Task<IModelRuntime>? _runtime;

    /// <summary>Why the engine cannot be used, or that it is not there yet; null: it is.</summary>
    public string? Problem => Volatile.Read(ref _runtime) switch
    {
        { IsCompletedSuccessfully: true } => null,
        { IsFaulted: true } failed => failed.Exception!.GetBaseException().Message,
        _ => "it is starting",
    };

    /// <summary>The engine; faults for good when libtorch cannot be used here.</summary>
    public Task<IModelRuntime> GetAsync()
    {
        lock (_gate)
        {
            return _runtime ??= DedicatedThread.RunAsync("engine start", create);
        }
    }
}
