using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Onnx;

/// <summary>ONNX on ONNX Runtime.</summary>
internal sealed class OnnxLoader(OnnxPlacement placement) : IModelLoader
{
    /// <inheritdoc/>
    /// <remarks>The processor serves ONNX also beside TorchScript on a GPU.</remarks>
    public InferenceDevice DeviceFor(InferenceDevice wanted) => placement.DeviceFor(wanted);

    /// <inheritdoc/>
    public IForwardModel Load(string modelFile, FunctionConfig config, InferenceDevice device, bool rehearses) =>
        OnnxModel.Load(modelFile, config, device);

    /// <inheritdoc/>
    /// <remarks>A graph has no state; one that draws random numbers shows it in the rehearsal.</remarks>
    public bool WritesState(string modelFile) => false;
}
