using MlCluster.Inference;

namespace MlCluster.Node.Ml;

/// <summary>Starts the engine once, off everybody's thread; loads wait for it, the node does not.</summary>
internal sealed class ModelRuntimeSource(Func<IModelRuntime> create)
{
    private readonly Lock _gate = new();
    private Task<IModelRuntime>? _runtime;

    /// <summary>The engine; faults for good when libtorch cannot be used here.</summary>
    public Task<IModelRuntime> GetAsync()
    {
        lock (_gate)
        {
            return _runtime ??= DedicatedThread.RunAsync("engine start", create);
        }
    }
}
