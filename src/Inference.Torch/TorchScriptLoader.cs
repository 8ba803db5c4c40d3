using MlCluster.Inference.Batching;
using MlCluster.Inference.Rehearsing;

namespace MlCluster.Inference;

/// <summary>TorchScript on libtorch.</summary>
internal sealed class TorchScriptLoader : IModelLoader
{
    /// <inheritdoc/>
    public InferenceDevice DeviceFor(InferenceDevice wanted) => wanted;

    /// <inheritdoc/>
    public IForwardModel Load(string modelFile, FunctionConfig config, InferenceDevice device, bool rehearses) =>
        TorchScriptModel.Load(modelFile, config, device, namesEachCall: rehearses);

    /// <inheritdoc/>
    public bool WritesState(string modelFile) => StateWrites.InFile(modelFile);
}
